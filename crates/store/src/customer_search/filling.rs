//! A page of a search in the order of creation: the list is walked while many have the words; those who have them are
//! gathered where few do.

use crate::customer_list;
use crate::customer_search::{CUSTOMERS, FEW, LONG_LOOK, NARROW, SAMPLE, Search};
use crate::customer_terms::instants;
use crate::customers::{CustomerFilter, CustomerSort, CustomerStatus};
use crate::found::Found;
use crate::page::Order;
use crate::statement::json_rows;
use crate::{Error, Page, Position, Row, SortValue, Tx};

/// So many customers are walked for each that a page has, if more than one of so many has the words.
const MANY: u32 = 50;

/// The same of inactive customers: of those who have the words, few are.
const MANY_INACTIVE: u32 = 1_000;

/// How many words of customers are gathered at once, going from era to era.
const LOOK: usize = 600;

/// How many customers are walked of an era that has more.
const WALK: usize = 500;

impl Search {
    /// A page in the order of creation: the customers are put in order before any of them is read.
    pub(crate) fn page<T>(
        &self,
        tx: &mut Tx<'_>,
        tenant: &str,
        filter: &CustomerFilter,
        page: &Page<CustomerSort>,
        map: impl Fn(&mut Row<'_>) -> Result<T, Error>,
    ) -> Result<Found<T>, Error> {
        let mut filling = Filling {
            search: self,
            tenant,
            filter,
            page,
            rest: page.clone(),
            found: Found::default(),
            map,
        };
        if self.count > FEW {
            if filling.walk_while_many(tx)? {
                return Ok(filling.found);
            }
            // If none of the next ones has all words, few may have them.
            let may_be_few = !self.others.is_empty() && self.sampled == 0;
            if !may_be_few || self.candidates(tx, tenant)? > NARROW {
                filling.go_by_eras(tx)?;
                return Ok(filling.found);
            }
        }
        let positions = self.gather(tx, tenant, &filling.rest, None)?;
        filling.read(tx, positions)?;
        Ok(filling.found)
    }
}

/// A page that is being filled, in the order of creation.
struct Filling<'s, F, T> {
    search: &'s Search,
    tenant: &'s str,
    filter: &'s CustomerFilter,
    page: &'s Page<CustomerSort>,
    /// What has not been looked at.
    rest: Page<CustomerSort>,
    found: Found<T>,
    map: F,
}

impl<T, F: Fn(&mut Row<'_>) -> Result<T, Error>> Filling<'_, F, T> {
    /// Goes on customer by customer, while so many of them have the words that this is the shortest way. Whether the
    /// page is complete.
    fn walk_while_many(&mut self, tx: &mut Tx<'_>) -> Result<bool, Error> {
        let limit = self.page.limit.max(1);
        let many = match self.filter.status {
            Some(CustomerStatus::Inactive) => MANY_INACTIVE,
            _ => MANY,
        };
        let most = (limit * many).max(SAMPLE) as usize;
        let (mut count, mut had) = (SAMPLE as usize, self.search.sampled as usize);
        loop {
            let before = self.found.rows.len();
            let wanted = limit as usize + 1 - before;
            // More than it takes, so that the page is complete then: the walk ends with it.
            count = (wanted * count * 2).checked_div(had).unwrap_or(10 * count);
            if count > most {
                return Ok(false);
            }
            let status = self.filter.status;
            let end = customer_list::place_after(tx, self.tenant, status, &self.rest, count)?;
            if self.walk(tx, end)? || end.is_none() {
                return Ok(true);
            }
            had = self.found.rows.len() - before;
        }
    }

    /// Goes on from one era to the next, to the end of the page.
    fn go_by_eras(&mut self, tx: &mut Tx<'_>) -> Result<(), Error> {
        // Some words begin alike, and some customers do not meet the filter.
        let mut look = (self.page.limit.max(1) as usize * 3).min(LOOK);
        loop {
            let mut gathered = self
                .search
                .gather_by_eras(tx, self.tenant, &self.rest, look)?;
            let last = gathered.last().map(|it| it.0);
            let is_end = gathered.len() < look;
            if !is_end {
                // There may be more in the last one.
                gathered.retain(|it| Some(it.0) != last);
            }
            match last {
                Some(_) if gathered.is_empty() && look < LOOK => {
                    look = LOOK;
                    continue;
                }
                Some(last) if gathered.is_empty() => self.go_through(tx, last)?,
                _ => {
                    let positions = gathered.into_iter().map(|it| it.1).collect();
                    let end = self.read(tx, positions)?;
                    self.rest.after = end.or(self.rest.after.take());
                }
            }
            if self.found.more || is_end {
                return Ok(());
            }
            // So many do not meet the filter.
            look = LOOK;
        }
    }

    /// Goes on through an era in which many customers have the words, to its end or to that of the page.
    fn go_through(&mut self, tx: &mut Tx<'_>, era: i64) -> Result<(), Error> {
        if self.filter.status == Some(CustomerStatus::Inactive) {
            // Fewer than those that have the words.
            return self.walk(tx, None).map(drop);
        }
        let descending = self.page.descending;
        let [first, last] = match (instants(era), descending) {
            ([first, last], true) => [last, first],
            (instants, false) => instants,
        };
        // Nobody before it has the words.
        let start = before(first, descending);
        let is_later = |at: &Position| is_before(&start, at, descending);
        if !self.rest.after.as_ref().is_some_and(is_later) {
            self.rest.after = Some(start);
        }
        // Usually they are among the next ones.
        let next = customer_list::place_after(tx, self.tenant, None, &self.rest, WALK)?;
        let next = next.filter(|at| (*at > last) == descending).unwrap_or(last);
        if self.walk(tx, Some(next))? || next == last {
            return Ok(());
        }
        let positions = self.search.gather(tx, self.tenant, &self.rest, Some(era))?;
        if positions.len() > LONG_LOOK {
            return self.walk(tx, Some(last)).map(drop);
        }
        self.read(tx, positions)?;
        self.rest.after = Some(behind(last, descending));
        Ok(())
    }

    /// Looks at all customers up to an instant. Whether the page is full.
    fn walk(&mut self, tx: &mut Tx<'_>, last: Option<i64>) -> Result<bool, Error> {
        let (rest, map) = (&self.rest, &self.map);
        let (tenant, filter) = (self.tenant, self.filter);
        let some = customer_list::walk(tx, tenant, filter, self.search, last, rest, map)?;
        self.found.extend(some, self.page);
        if let Some(last) = last {
            self.rest.after = Some(behind(last, self.page.descending));
        }
        Ok(self.found.more)
    }

    /// Reads the customers that stand there and meet the filter, in their order, until the page is full. Gives the
    /// last place.
    fn read(
        &mut self,
        tx: &mut Tx<'_>,
        mut positions: Vec<Position>,
    ) -> Result<Option<Position>, Error> {
        positions.sort_unstable_by(|a, b| (instant(a), &a.id).cmp(&(instant(b), &b.id)));
        // A customer may have several words that begin so.
        positions.dedup();
        if self.page.descending {
            positions.reverse();
        }
        // Most meet the filter, and those that do not are no reason to look again.
        let at_once = self.page.limit.max(1) as usize * 5 / 4 + 1;
        for some in positions.chunks(at_once) {
            let ids = json_rows(some.iter().map(|position| [&position.id]))?;
            let mut select = customer_list::unsearched(self.tenant, self.filter);
            let wanted = format!("SELECT i.value ->> 0 FROM {}", tx.each_of("{}", "i"));
            let among = tx.among("id", &wanted);
            select.condition_with(&among, ids.as_str());
            self.search.restrict_others(tx, &mut select, &CUSTOMERS);
            let page = Page {
                after: None,
                ..self.page.clone()
            };
            // Not the column itself: SQLite would walk its index instead of looking these up.
            let order = ("created_at + 0", "id");
            let some = select.page_by(tx, order, Order::Ties, &page, &self.map)?;
            self.found.extend(some, self.page);
            if self.found.more {
                break;
            }
        }
        Ok(positions.into_iter().next_back())
    }
}

/// Behind all customers of an instant, and before those that follow.
fn behind(at: i64, descending: bool) -> Position {
    match descending {
        true => before(at - 1, descending),
        false => before(at + 1, descending),
    }
}

/// Before all customers of an instant, and behind those of the one before.
fn before(at: i64, descending: bool) -> Position {
    let (at, id) = match descending {
        true => (at + 1, String::new()),
        false => (at - 1, char::MAX.to_string()),
    };
    Position {
        value: SortValue::Integer(at),
        id,
    }
}

/// Whether a place comes before another one.
fn is_before(one: &Position, other: &Position, descending: bool) -> bool {
    let [one, other] = [one, other].map(|it| (instant(it), &it.id));
    match descending {
        true => one > other,
        false => one < other,
    }
}

fn instant(position: &Position) -> i64 {
    match &position.value {
        SortValue::Integer(at) => *at,
        SortValue::Text(_) => 0,
    }
}
