//! The search of listCustomers: customers that have all the words looked for, in the order of the list.

use crate::customer_list;
use crate::customer_terms::{era, instants, range, signature};
use crate::customers::{CustomerFilter, CustomerSort, CustomerStatus};
use crate::found::Found;
use crate::page::{Order, Select};
use crate::statement::json_rows;
use crate::{Error, Page, Param, Position, Row, SortValue, Tx, params};

/// Customers with at most so many words that begin with the one looked for are gathered and put in order. It is
/// tried first, so it has to be cheap.
const FEW: i64 = 300;

/// The same where the list is in another order than that of creation, or where there are several words: if there are
/// more, the list is walked, where one in a thousand is found sooner.
const NARROW: i64 = 1_000;

/// Those who have the first of several words are counted so far, to tell how many of them may have all.
const SHARED: i64 = 5_000;

/// The signatures of so many of the next customers tell how many have all words, and which word is the rarest.
const SAMPLE: u32 = 250;

/// So many customers are walked for each that a page has, if more than one of so many has the words.
const MANY: u32 = 50;

/// The same of inactive customers: of those who have the words, few are.
const MANY_INACTIVE: u32 = 1_000;

/// So many words are compared, the longest.
const COMPARED: usize = 4;

/// So many other words are looked up without unpacking a list for each customer.
const OTHERS: usize = 3;

/// How many words of customers are gathered at once, going from era to era.
const LOOK: usize = 600;

/// How many customers are walked of an era that has more.
const WALK: usize = 500;

/// How many words of one era are gathered then. If it has more, all its customers are walked.
const LONG_LOOK: usize = 20_000;

/// A search as it is carried out.
pub(crate) struct Search {
    /// The word looked up: one that few customers have, or the longest.
    first: [String; 2],
    /// The next ones, each with a condition of its own.
    others: Vec<[String; 2]>,
    /// All that are left, as JSON.
    rest: Option<String>,
    /// Of all words.
    signature: i64,
    /// How many customers may have the words, as far as counted.
    count: i64,
    /// How many of the [`SAMPLE`] may.
    sampled: i64,
}

impl Search {
    /// The search of a page.
    pub(crate) fn of(
        tx: &mut Tx<'_>,
        tenant: &str,
        words: &[String],
        status: Option<CustomerStatus>,
        page: &Page<CustomerSort>,
    ) -> Result<Self, Error> {
        let signature = signature(words.iter().map(String::as_str));
        let mut longest: Vec<[String; 2]> = words.iter().map(|word| range(word)).collect();
        longest.sort_by_key(|[word, _]| std::cmp::Reverse(word.len()));
        let mut least = 0;
        // The longest may be what everybody has, such as `gmbh`.
        for index in 0..longest.len().min(COMPARED) {
            let count = count(tx, tenant, &longest[index])?;
            if index == 0 || count < least {
                longest[..=index].rotate_right(1);
                least = count;
            }
            if least <= FEW {
                break;
            }
        }
        let in_order = page.sort == CustomerSort::CreatedAt;
        let mut sampled = 0;
        if least > FEW && (in_order || longest.len() > 1) {
            let next = match in_order {
                true => page.clone(),
                false => Page {
                    after: None,
                    ..page.clone()
                },
            };
            sampled = sample(tx, tenant, status, &next, &mut longest, signature)?;
        }
        let mut words = longest.into_iter();
        let Some(first) = words.next() else {
            // Punctuation: nobody has that.
            return Ok(Self {
                first: Default::default(),
                others: Vec::new(),
                rest: None,
                signature,
                count: 0,
                sampled,
            });
        };
        let mut others: Vec<_> = words.collect();
        let rest = others.split_off(others.len().min(OTHERS));
        let rest = match rest.is_empty() {
            true => None,
            false => Some(json_rows(rest)?),
        };
        let mut search = Self {
            first,
            others,
            rest,
            signature,
            count: least,
            sampled,
        };
        if least > FEW && !in_order {
            search.count = search.candidates(tx, tenant)?;
        }
        Ok(search)
    }

    pub(crate) fn finds_nothing(&self) -> bool {
        self.count == 0
    }

    /// Whether customers are gathered and put in order where the list is not in that of creation.
    pub(crate) fn is_narrow(&self) -> bool {
        self.count <= NARROW
    }

    /// Adds the conditions to a statement over `customers`. `walked` is what their list is walked along, if they are
    /// not looked up.
    pub(crate) fn restrict<'a>(
        &'a self,
        tx: &Tx<'_>,
        select: &mut Select<'a>,
        walked: Option<Walked>,
    ) {
        let [from, to] = &self.first;
        let start = select.next_placeholder();
        let range = format!("t.term >= ${start} AND t.term < ${}", start + 1);
        let Some(walked) = walked else {
            let signed = signed("t.signature", &format!("${}", start + 2));
            let ids = format!(
                "SELECT t.customer_id FROM customer_terms t \
                 WHERE t.tenant_id = $1 AND {range} AND {signed}"
            );
            let values: [Param<'a>; 3] = [from.into(), to.into(), self.signature.into()];
            select.condition_with_all(&tx.among("id", &ids), values);
            return self.restrict_others(tx, select, &CUSTOMERS);
        };
        let Walked {
            tenant,
            id,
            signature,
        } = walked;
        // A subquery with a LIMIT is looked up for each customer; a semi-join might read the table.
        let has = format!(
            "(SELECT 1 FROM customer_terms t WHERE t.tenant_id = {tenant} \
             AND t.customer_id = {id} AND {range} LIMIT 1) IS NOT NULL"
        );
        select.condition_with_all(&has, [from.as_str(), to.as_str()]);
        select.condition_with(&signed(signature, "{}"), self.signature);
        self.restrict_others(tx, select, &walked);
    }

    /// Adds that a customer has all other words than the first.
    fn restrict_others<'a>(&'a self, tx: &Tx<'_>, select: &mut Select<'a>, walked: &Walked) {
        let Walked { tenant, id, .. } = walked;
        let has = |from: &str, to: &str| {
            format!(
                "(SELECT 1 FROM customer_terms o WHERE o.tenant_id = {tenant} \
                 AND o.customer_id = {id} AND o.term >= {from} AND o.term < {to} LIMIT 1)"
            )
        };
        for [from, to] in &self.others {
            let at = select.next_placeholder();
            let has = has(&format!("${at}"), &format!("${}", at + 1));
            select.condition_with_all(&format!("{has} IS NOT NULL"), [from.as_str(), to.as_str()]);
        }
        if let Some(rest) = &self.rest {
            let words = tx.each_of("{}", "w");
            let has = has("w.value ->> 0", "w.value ->> 1");
            let all = format!("NOT EXISTS (SELECT 1 FROM {words} WHERE {has} IS NULL)");
            select.condition_with(&all, rest.as_str());
        }
    }

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

    /// How many customers may have the words, if one of [`SHARED`] has the first; else more than that.
    fn candidates(&self, tx: &mut Tx<'_>, tenant: &str) -> Result<i64, Error> {
        let [from, to] = &self.first;
        let sql = format!(
            "SELECT count(*), count(CASE WHEN {} THEN 1 END) FROM (SELECT signature FROM customer_terms \
             WHERE tenant_id = $2 AND term >= $3 AND term < $4 LIMIT {}) AS counted",
            signed("signature", "$1"),
            SHARED + 1
        );
        let values = params![self.signature, tenant, from, to];
        let counted = |row: &mut Row<'_>| Ok((row.get::<i64>()?, row.get()?));
        let (looked_at, candidates) = tx.query_one(&sql, values, counted)?;
        Ok(if looked_at > SHARED {
            looked_at
        } else {
            candidates
        })
    }

    /// Where all customers stand that may have the words, or those of an era, up to one more than [`LONG_LOOK`].
    fn gather(
        &self,
        tx: &mut Tx<'_>,
        tenant: &str,
        page: &Page<CustomerSort>,
        era: Option<i64>,
    ) -> Result<Vec<Position>, Error> {
        let [from, to] = &self.first;
        let mut values = params![tenant, from, to].to_vec();
        let mut conditions = String::new();
        if let Some(era) = era {
            values.push(era.into());
            conditions.push_str(" AND t.era = $4");
        }
        conditions.push_str(&self.conditions(page, &mut values));
        let sql = format!(
            "SELECT t.created_at, t.customer_id FROM customer_terms t \
             WHERE t.tenant_id = $1 AND t.term >= $2 AND t.term < $3{conditions} LIMIT {}",
            LONG_LOOK + 1
        );
        tx.query_all(&sql, &values, position)
    }

    /// Where customers stand that may have the words, era by era, each with its era; so many rows.
    fn gather_by_eras(
        &self,
        tx: &mut Tx<'_>,
        tenant: &str,
        page: &Page<CustomerSort>,
        look: usize,
    ) -> Result<Vec<(i64, Position)>, Error> {
        let [from, to] = &self.first;
        let (next, operator, furthest) = match page.descending {
            true => ("max", "<", i64::MAX),
            false => ("min", ">", i64::MIN),
        };
        let start = match page.after.as_ref().map(|it| &it.value) {
            Some(SortValue::Integer(at)) => era(*at),
            _ => furthest,
        };
        let mut values = params![tenant, start, from, to].to_vec();
        let conditions = self.conditions(page, &mut values);
        // PostgreSQL is not to join all of both.
        let (before, after) = match tx.dialect().is_remote {
            false => ("customer_terms t WHERE", String::new()),
            true => (
                "LATERAL (SELECT era, created_at, customer_id FROM customer_terms t WHERE",
                format!(" LIMIT {look}) AS t"),
            ),
        };
        let sql = format!(
            "WITH RECURSIVE eras (era) AS ( \
               SELECT {next}(era) FROM customer_terms WHERE tenant_id = $1 AND era {operator}= $2 \
               UNION ALL \
               SELECT (SELECT {next}(n.era) FROM customer_terms n WHERE n.tenant_id = $1 \
                 AND n.era {operator} eras.era) \
               FROM eras WHERE eras.era IS NOT NULL \
             ) SELECT t.era, t.created_at, t.customer_id FROM eras CROSS JOIN {before} \
             t.tenant_id = $1 AND t.era = eras.era AND t.term >= $3 AND t.term < $4{conditions}{after} LIMIT {look}"
        );
        tx.query_all(&sql, &values, |row| Ok((row.get()?, position(row)?)))
    }

    /// What else is asked of the words `t` of a customer.
    fn conditions<'a>(
        &'a self,
        page: &'a Page<CustomerSort>,
        values: &mut Vec<Param<'a>>,
    ) -> String {
        let mut conditions = String::new();
        if let Some(Position { value, id }) = &page.after {
            let operator = if page.descending { "<" } else { ">" };
            let at = values.len() + 1;
            values.extend([value.into(), id.into()]);
            conditions = format!(
                " AND (t.created_at, t.customer_id) {operator} (${at}, ${})",
                at + 1
            );
        }
        if !self.others.is_empty() {
            values.push(self.signature.into());
            let signed = signed("t.signature", &format!("${}", values.len()));
            conditions = format!("{conditions} AND {signed}");
        }
        conditions
    }
}

/// What a list is walked along: columns with tenant, id and signature of each customer.
#[derive(Clone, Copy)]
pub(crate) struct Walked {
    tenant: &'static str,
    id: &'static str,
    signature: &'static str,
}

/// An index of `customers`.
pub(crate) const CUSTOMERS: Walked = Walked {
    tenant: "customers.tenant_id",
    id: "customers.id",
    signature: "customers.signature",
};

/// [`customer_names::SORTED`](crate::customer_names::SORTED): customers that lack a word are not read.
pub(crate) const NAMES: Walked = Walked {
    tenant: "names.names_of",
    id: "names.customer_id",
    signature: "names.signature",
};

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

/// How many words of customers are within a range, counted up to one more than [`FEW`].
fn count(tx: &mut Tx<'_>, tenant: &str, range: &[String; 2]) -> Result<i64, Error> {
    let sql = format!(
        "SELECT count(*) FROM (SELECT 1 FROM customer_terms \
         WHERE tenant_id = $1 AND term >= $2 AND term < $3 LIMIT {}) AS counted",
        FEW + 1
    );
    let values = params![tenant, &range[0], &range[1]];
    tx.query_one(&sql, values, |row| row.get())
}

/// How many of the next customers of a list may have all words. Puts the longest words in order, those first that
/// the fewest have.
fn sample(
    tx: &mut Tx<'_>,
    tenant: &str,
    status: Option<CustomerStatus>,
    page: &Page<CustomerSort>,
    words: &mut [[String; 2]],
    all: i64,
) -> Result<i64, Error> {
    let compared = words.len().min(COMPARED);
    let signatures = words[..compared].iter();
    let signatures = signatures.map(|[word, _]| signature([word.as_str()]));
    let mut values: Vec<Param<'_>> = signatures.chain([all]).map(Param::from).collect();
    let counts = (1..=values.len()).map(|at| {
        let signed = signed("signature", &format!("${at}"));
        format!("count(CASE WHEN {signed} THEN 1 END)")
    });
    let counts: Vec<String> = counts.collect();
    let next = customer_list::next_ones("signature", tenant, status, page, &mut values);
    let sql = format!(
        "SELECT {} FROM ({next} LIMIT {SAMPLE}) AS next_ones",
        counts.join(", ")
    );
    let counted = |row: &mut Row<'_>| (0..=compared).map(|_| row.get::<i64>()).collect();
    let counted: Vec<i64> = tx.query_one(&sql, &values, counted)?;
    let mut ranked: Vec<_> = counted.iter().zip(words.iter().cloned()).collect();
    ranked.sort_by_key(|(count, _)| **count);
    for (word, (_, range)) in words.iter_mut().zip(ranked) {
        *word = range;
    }
    Ok(counted[compared])
}

/// That a signature has all bits of a value. It stands in the indexes that are walked, and most customers that lack
/// a word lack a bit, so that the words of few are looked up.
fn signed(column: &str, value: &str) -> String {
    format!("({column} & {value}) = {value}")
}

fn position(row: &mut Row<'_>) -> Result<Position, Error> {
    Ok(Position {
        value: row.get()?,
        id: row.get()?,
    })
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
