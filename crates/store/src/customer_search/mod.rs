//! The search of listCustomers: customers that have all the words looked for, in the order of the list.

mod filling;

use crate::customer_list;
use crate::customer_terms::{era, range, signature};
use crate::customers::{CustomerSort, CustomerStatus};
use crate::page::Select;
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

/// So many words are compared, the longest.
const COMPARED: usize = 4;

/// So many other words are looked up without unpacking a list for each customer.
const OTHERS: usize = 3;

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
        if let Some(signature) = signature {
            select.condition_with(&signed(signature, "{}"), self.signature);
        }
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
    signature: Option<&'static str>,
}

/// An index of `customers`.
pub(crate) const CUSTOMERS: Walked = Walked {
    tenant: "customers.tenant_id",
    id: "customers.id",
    signature: Some("customers.signature"),
};

/// The same without signatures: the planner of PostgreSQL takes those for so rare that it would rather sort all
/// customers, where the list is in another order than that of creation.
pub(crate) const UNSIGNED: Walked = Walked {
    signature: None,
    ..CUSTOMERS
};

/// [`customer_names::SORTED`](crate::customer_names::SORTED): customers that lack a word are not read.
pub(crate) const NAMES: Walked = Walked {
    tenant: "names.names_of",
    id: "names.customer_id",
    signature: Some("names.signature"),
};

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
