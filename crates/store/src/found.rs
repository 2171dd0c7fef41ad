//! A page on its way to the caller: its rows, what belongs to them, and where it ends.

use std::collections::HashMap;
use std::ops::ControlFlow;

use crate::page::{ANSWER_BYTES, in_list};
use crate::{Error, Listing, Page, Param, Position, Row, Tx};

/// A page on the way.
pub(crate) struct Found<T> {
    pub(crate) rows: Vec<FoundRow<T>>,
    pub(crate) more: bool,
}

/// A row of a page, and where it stands in the list.
pub(crate) struct FoundRow<T> {
    pub(crate) value: T,
    pub(crate) position: Position,
    /// What it takes in an answer, with its parts.
    pub(crate) bytes: usize,
}

/// Rows that belong to the rows of a page: items of orders, ids of a customer's orders.
pub(crate) struct Parts<'s> {
    /// Columns, FROM, and the column with the id of the row they belong to.
    pub(crate) columns: &'s str,
    pub(crate) table: &'s str,
    pub(crate) owner: &'s str,
    /// Their order.
    pub(crate) order: &'s str,
    /// Bytes that each takes in an answer besides its texts.
    pub(crate) bytes: usize,
}

impl<T> Default for Found<T> {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            more: false,
        }
    }
}

impl<T> Found<T> {
    /// Adds rows of the list that follows, as many as the page and its answer take.
    pub(crate) fn extend<S>(&mut self, other: Self, page: &Page<S>) {
        let mut bytes: usize = self.rows.iter().map(|row| row.bytes).sum();
        self.more = other.more;
        for row in other.rows {
            bytes += row.bytes;
            let full = self.rows.len() >= page.limit.max(1) as usize;
            if full || (bytes > ANSWER_BYTES && !self.rows.is_empty()) {
                self.more = true;
                return;
            }
            self.rows.push(row);
        }
    }

    /// The page.
    pub(crate) fn listing(self) -> Listing<T> {
        let next = self.rows.last().filter(|_| self.more);
        Listing {
            next: next.map(|row| row.position.clone()),
            rows: self.rows.into_iter().map(|row| row.value).collect(),
        }
    }

    /// The parts of each row. If they do not fit into an answer, the page ends before the first row that
    /// exceeds it, and no more than an answer of parts is held in memory on the way.
    pub(crate) fn parts<P>(
        &mut self,
        tx: &mut Tx<'_>,
        parts: &Parts<'_>,
        map: impl Fn(&mut Row<'_>) -> Result<(String, P), Error>,
    ) -> Result<HashMap<String, Vec<P>>, Error> {
        let taken: usize = self.rows.iter().map(|row| row.bytes).sum();
        let ids: Vec<&str> = self
            .rows
            .iter()
            .map(|row| row.position.id.as_str())
            .collect();
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let free = ANSWER_BYTES.saturating_sub(taken);
        if let Some(all) = parts.read(tx, &ids, Some(free), &map)? {
            // Of a list in no order of ids, each is looked for.
            for row in &mut self.rows {
                let at = all.binary_search_by(|own| own.owner.cmp(&row.position.id));
                row.bytes += at.map_or(0, |at| all[at].bytes);
            }
            return Ok(all.into_iter().map(|own| (own.owner, own.parts)).collect());
        }
        // Row by row, in the order of the page.
        let (mut gathered, mut bytes, mut kept) = (HashMap::new(), 0, 0);
        for row in &mut self.rows {
            let id = row.position.id.as_str();
            bytes += row.bytes;
            // The first one is always given, whole.
            let free = (kept > 0).then(|| ANSWER_BYTES.saturating_sub(bytes));
            let Some(own) = parts.read(tx, &[id], free, &map)? else {
                break;
            };
            for own in own {
                gathered.insert(own.owner, own.parts);
                bytes += own.bytes;
                row.bytes += own.bytes;
            }
            kept += 1;
        }
        self.more |= kept < self.rows.len();
        self.rows.truncate(kept);
        Ok(gathered)
    }
}

/// What belongs to a row.
struct Own<P> {
    /// Id of the row.
    owner: String,
    parts: Vec<P>,
    /// What they take in an answer.
    bytes: usize,
}

impl Parts<'_> {
    /// The parts of all the ids, in the order of the ids; `None` if they take more than `free` bytes.
    fn read<P>(
        &self,
        tx: &mut Tx<'_>,
        ids: &[&str],
        free: Option<usize>,
        map: impl Fn(&mut Row<'_>) -> Result<(String, P), Error>,
    ) -> Result<Option<Vec<Own<P>>>, Error> {
        let tenant = tx.tenant()?;
        let (places, values) = in_list(2, ids);
        let Self {
            columns,
            table,
            owner,
            order,
            ..
        } = self;
        // More rows than fit are no use. They would still have to be fetched from the server.
        let limit = free.map_or(i64::MAX, |free| (free / self.bytes) as i64 + 1);
        let sql = format!(
            "SELECT {columns} FROM {table} WHERE tenant_id = $1 AND {owner} IN ({places}) \
             ORDER BY {}, {order} LIMIT ${}",
            (tx.dialect().sorted_by)(owner),
            values.len() + 2
        );
        let first = std::iter::once(tenant.into());
        let params: Vec<_> = first.chain(values).chain([Param::Integer(limit)]).collect();
        let (mut found, mut taken) = (Vec::<Own<P>>::new(), 0);
        let free = free.unwrap_or(usize::MAX);
        tx.query_until(&sql, &params, |row| {
            let (id, part) = map(row)?;
            let own = row.bytes() + self.bytes;
            taken += own;
            if taken > free {
                return Ok(ControlFlow::Break(()));
            }
            match found.last_mut().filter(|last| last.owner == id) {
                Some(last) => {
                    last.parts.push(part);
                    last.bytes += own;
                }
                None => found.push(Own {
                    owner: id,
                    parts: vec![part],
                    bytes: own,
                }),
            }
            Ok(ControlFlow::Continue(()))
        })?;
        Ok((taken <= free).then_some(found))
    }
}
