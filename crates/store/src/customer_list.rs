//! The list of customers: its pages by every sort field, filter and search.

use crate::customer_search::{CUSTOMERS, NAMES, Search, UNSIGNED};
use crate::customers::{
    CustomerFilter, CustomerRow, CustomerSort, CustomerStatus, CustomerType, ListedCustomer,
};
use crate::found::{Found, FoundRow, Parts};
use crate::page::{Order, Select, SortField as _, few};
use crate::table::Record as _;
use crate::{Error, Listing, Page, Param, Position, Row, SortValue, Tx, customer_names, params};

/// One page of customers.
///
/// # Errors
/// Engine failures.
pub fn list(
    tx: &mut Tx<'_>,
    filter: &CustomerFilter,
    page: &Page<CustomerSort>,
) -> Result<Listing<ListedCustomer>, Error> {
    let tenant = tx.tenant()?;
    let listed = |row: &mut Row<'_>| {
        Ok(ListedCustomer {
            row: CustomerRow::from_row(row)?,
            order_ids: Vec::new(),
            rental_ids: Vec::new(),
        })
    };
    let search = match filter.words.as_deref() {
        None => None,
        Some(words) => Some(Search::of(tx, tenant, words, filter.status, page)?),
    };
    let mut found = match page.sort {
        _ if search.as_ref().is_some_and(Search::finds_nothing) => Found::default(),
        CustomerSort::CreatedAt if search.is_some() && !few_of_status(tx, tenant, filter)? => {
            let search = search.as_ref().expect("there is a search");
            search.page(tx, tenant, filter, page, listed)?
        }
        CustomerSort::TotalMonthlyRevenue | CustomerSort::TotalDevicesRented => {
            with_or_without(tx, tenant, filter, search.as_ref(), page, listed)?
        }
        CustomerSort::FirstName | CustomerSort::LastName => {
            by_name(tx, tenant, filter, search.as_ref(), page, listed)?
        }
        _ => filtered(tx, tenant, filter, search.as_ref(), page)?
            .select
            .page(tx, "id", page, listed)?,
    };
    let (orders, rentals) = (ids_in("orders"), ids_in("subscriptions"));
    let pair = |row: &mut Row<'_>| Ok((row.get()?, row.get()?));
    let mut orders = found.parts(tx, &orders, pair)?;
    let mut rentals = found.parts(tx, &rentals, pair)?;
    for FoundRow { value, .. } in &mut found.rows {
        value.order_ids = orders.remove(&value.row.id).unwrap_or_default();
        value.rental_ids = rentals.remove(&value.row.id).unwrap_or_default();
    }
    Ok(found.listing())
}

/// Whether so few customers have the status that is asked for that all of them are looked at. Most are active.
fn few_of_status(tx: &mut Tx<'_>, tenant: &str, filter: &CustomerFilter) -> Result<bool, Error> {
    match filter.status {
        Some(status @ CustomerStatus::Inactive) => {
            let condition = "status = $2";
            few(
                tx,
                "customers",
                "tenant_id",
                condition,
                params![tenant, status],
            )
        }
        _ => Ok(false),
    }
}

/// A page in the order of creation that ends with those created at `last`.
pub(crate) fn walk<T>(
    tx: &mut Tx<'_>,
    tenant: &str,
    filter: &CustomerFilter,
    search: &Search,
    last: Option<i64>,
    page: &Page<CustomerSort>,
    map: impl Fn(&mut Row<'_>) -> Result<T, Error>,
) -> Result<Found<T>, Error> {
    let mut select = filtered(tx, tenant, filter, Some(search), page)?.select;
    // Where the page begins is bound already: SQLite leaves the best index for a second such condition.
    let operator = if page.descending { ">=" } else { "<=" };
    select.compare("created_at", operator, last);
    select.page(tx, "id", page, map)
}

/// When the customer was created that comes so many after the end of the page before, of those that have the status.
pub(crate) fn place_after(
    tx: &mut Tx<'_>,
    tenant: &str,
    status: Option<CustomerStatus>,
    page: &Page<CustomerSort>,
    count: usize,
) -> Result<Option<i64>, Error> {
    let mut values = Vec::new();
    let next = next_ones("created_at", tenant, status, page, &mut values);
    let sql = format!("{next} LIMIT 1 OFFSET {count}");
    tx.query_opt(&sql, &values, |row| row.get())
}

/// The SELECT of a column of the customers that come after the end of the page before, in the order of creation, of
/// those that have the status.
pub(crate) fn next_ones<'a>(
    column: &str,
    tenant: &'a str,
    status: Option<CustomerStatus>,
    page: &'a Page<CustomerSort>,
    values: &mut Vec<Param<'a>>,
) -> String {
    let (operator, direction) = match page.descending {
        true => ("<", "DESC"),
        false => (">", "ASC"),
    };
    let mut place = |value: Param<'a>| {
        values.push(value);
        format!("${}", values.len())
    };
    let mut conditions = format!("tenant_id = {}", place(tenant.into()));
    if let Some(status) = status {
        conditions.push_str(&format!(" AND status = {}", place(status.into())));
    }
    if let Some(Position { value, id }) = &page.after {
        let (value, id) = (place(value.into()), place(id.into()));
        conditions.push_str(&format!(" AND (created_at, id) {operator} ({value}, {id})"));
    }
    format!(
        "SELECT {column} FROM customers WHERE {conditions} \
         ORDER BY created_at {direction}, id {direction}"
    )
}

/// A page by a name: few customers are sorted, many are found in the order of their names.
fn by_name(
    tx: &mut Tx<'_>,
    tenant: &str,
    filter: &CustomerFilter,
    search: Option<&Search>,
    page: &Page<CustomerSort>,
    map: impl Fn(&mut Row<'_>) -> Result<ListedCustomer, Error>,
) -> Result<Found<ListedCustomer>, Error> {
    let Filtered { mut select, few } = filtered(tx, tenant, filter, search, page)?;
    if few {
        return select.page(tx, "id", page, map);
    }
    select
        .from(customer_names::SORTED)
        .condition(customer_names::JOINED);
    let column = match page.sort {
        CustomerSort::LastName => "by_last_name",
        _ => "by_first_name",
    };
    select.page_by(tx, (column, "customer_id"), Order::Ties, page, map)
}

/// A page by revenue or devices, which most customers have none of. Those stay out of the index, so that neither
/// making nor deleting them costs it anything, and are listed by id before or after the others.
fn with_or_without(
    tx: &mut Tx<'_>,
    tenant: &str,
    filter: &CustomerFilter,
    search: Option<&Search>,
    page: &Page<CustomerSort>,
    map: impl Fn(&mut Row<'_>) -> Result<ListedCustomer, Error>,
) -> Result<Found<ListedCustomer>, Error> {
    let column = page.sort.column();
    // As the indexes have it, and unlike the filter of those who rent, which has an index of its own.
    let with = (format!("coalesce({column}, 0) > 0"), Order::Ties);
    let without = (format!("{column} = 0"), Order::OneValue);
    let after = page.after.as_ref().map(|position| &position.value);
    let in_second = after.is_some_and(|value| (*value == SortValue::Integer(0)) == page.descending);
    let parts = match page.descending {
        true => [with, without],
        false => [without, with],
    };
    let mut rest = page.clone();
    let mut found = Found::default();
    for (condition, order) in parts.into_iter().skip(usize::from(in_second)) {
        let mut select = filtered(tx, tenant, filter, search, page)?.select;
        select.condition(&condition);
        found.extend(
            select.page_by(tx, (column, "id"), order, &rest, &map)?,
            page,
        );
        if found.more {
            break;
        }
        rest.after = None;
    }
    Ok(found)
}

/// The conditions of a filter on customers that are looked up already.
pub(crate) fn unsearched<'a>(tenant: &'a str, filter: &'a CustomerFilter) -> Select<'a> {
    let mut select = Select::new(CustomerRow::columns(), "customers", "tenant_id", tenant);
    select
        .equals_unindexed("status", filter.status)
        .equals_unindexed("customer_type", filter.customer_type)
        .equals_unindexed("email_key", filter.email_key.as_deref());
    rents(&mut select, filter);
    select
}

fn rents(select: &mut Select<'_>, filter: &CustomerFilter) {
    match filter.has_active_rentals {
        Some(true) => select.condition("active_subscriptions > 0"),
        Some(false) => select.condition("active_subscriptions = 0"),
        None => select,
    };
}

/// The conditions of a filter.
struct Filtered<'a> {
    select: Select<'a>,
    /// The customers are looked up and put in order; else the list is walked in its order.
    few: bool,
}

/// The conditions of a filter, so that the list is walked along an index in its order, unless customers are few.
fn filtered<'a>(
    tx: &mut Tx<'_>,
    tenant: &'a str,
    filter: &'a CustomerFilter,
    search: Option<&'a Search>,
    page: &Page<CustomerSort>,
) -> Result<Filtered<'a>, Error> {
    let mut select = Select::new(CustomerRow::columns(), "customers", "tenant_id", tenant);
    let narrow = page.sort != CustomerSort::CreatedAt && search.is_some_and(Search::is_narrow);
    let business = filter.customer_type == Some(CustomerType::Business);
    let renting = filter.has_active_rentals == Some(true);
    let mut few = narrow || filter.email_key.is_some();
    if narrow && filter.email_key.is_none() {
        select.equals_unindexed("status", filter.status);
    } else if filter.email_key.is_some() {
        select
            .equals("email_key", filter.email_key.as_deref())
            .equals_unindexed("status", filter.status);
    } else if page.sort != CustomerSort::CreatedAt {
        few = select.narrow(tx, "status", filter.status)?;
    } else if business && !renting {
        select.equals_unindexed("status", filter.status);
    } else if let Some(status @ CustomerStatus::Inactive) = filter.status {
        select.condition_with(&tx.rarely("status = {}"), status);
    } else {
        select.equals("status", filter.status);
    }
    match filter.customer_type {
        // As its index has it.
        Some(CustomerType::Business) => select.condition("customer_type = 'business'"),
        other => select.equals("customer_type", other),
    };
    rents(&mut select, filter);
    if let Some(search) = search {
        let walked = match page.sort {
            _ if narrow => None,
            CustomerSort::CreatedAt => Some(CUSTOMERS),
            _ if tx.dialect().is_remote => Some(UNSIGNED),
            CustomerSort::FirstName | CustomerSort::LastName if !few => Some(NAMES),
            _ => Some(CUSTOMERS),
        };
        search.restrict(tx, &mut select, walked);
    }
    Ok(Filtered { select, few })
}

/// The ids of a customer's rows in a table.
fn ids_in(table: &str) -> Parts<'_> {
    Parts {
        columns: "customer_id, id",
        table,
        owner: "customer_id",
        order: "created_at, id",
        bytes: 8,
    }
}
