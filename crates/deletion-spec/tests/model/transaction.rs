//! What a transaction may do, on both engines.

use deletion_spec::Status;

use crate::tables::{Appended, Rows, Tables};

/// How transactions meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// One writer at a time, as SQLite.
    Serial,
    /// As PostgreSQL keeps writers apart that are READ COMMITTED: every statement has a snapshot of
    /// its own, and there is nothing but locks.
    ReadCommitted,
}

/// The lock of the whole tenant, which BEGIN takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TenantLock {
    /// Not taken, by what only reads and by a statement that is a transaction of its own.
    None,
    /// As every ordinary write takes it.
    Shared,
    /// No other write is in progress.
    Exclusive,
}

/// Why a statement did not run to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interrupt {
    /// It waits for a lock.
    Blocked,
    /// What it rests on was changed by somebody else: the transaction starts again.
    Conflict,
    /// A CHECK constraint refused the row.
    Constraint,
}

/// A transaction under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Transaction {
    /// What it has read and written.
    pub view: Tables,
    /// What it appends.
    pub appended: Appended,
    /// Rows whose locks it holds.
    pub locks: Rows,
    /// Rows it has written.
    pub written: Rows,
}

impl Transaction {
    /// `locked` is what others have locked; none if it has to wait.
    pub fn begin(committed: &Tables, tenant: TenantLock, locked: Rows) -> Option<Transaction> {
        let (locks, excluded) = match tenant {
            TenantLock::None => (Rows::NONE, Rows::NONE),
            TenantLock::Shared => (Rows::TENANT_SHARED, Rows::TENANT_ALONE),
            TenantLock::Exclusive => (Rows::TENANT, Rows::TENANT),
        };
        (!locked.meets(excluded)).then_some(Transaction {
            view: *committed,
            appended: Appended::default(),
            locks,
            written: Rows::NONE,
        })
    }

    pub fn commit(&self, committed: &mut Tables) {
        committed.take(self.written, &self.view);
        committed.appended.add(self.appended);
    }
}

/// A transaction during one of its statements.
pub struct Access<'a> {
    pub engine: Engine,
    pub committed: &'a Tables,
    /// Rows that others have locked.
    pub locked: Rows,
    /// Whether the tables have their CHECK constraints.
    pub checked: bool,
    pub transaction: &'a mut Transaction,
}

impl Access<'_> {
    /// What the transaction knows.
    pub fn view(&self) -> &Tables {
        &self.transaction.view
    }

    /// Reads rows: anew where each statement has its own snapshot.
    pub fn read(&mut self, rows: impl IntoIterator<Item = Rows>) {
        if self.engine == Engine::ReadCommitted {
            for row in rows {
                if !self.transaction.written.meets(row) {
                    self.transaction.view.take(row, self.committed);
                }
            }
        }
    }

    /// `SELECT … FOR NO KEY UPDATE` of the customer; where there is no such row, nothing is locked.
    pub fn lock_customer(&mut self) -> Result<(), Interrupt> {
        self.read([Rows::CUSTOMER]);
        match self.view().customer.status {
            Some(_) => self.lock(Rows::CUSTOMER),
            None => Ok(()),
        }
    }

    /// `SELECT … FOR NO KEY UPDATE`: locks a row until the transaction ends, and reads it as it is
    /// then.
    pub fn lock(&mut self, row: Rows) -> Result<(), Interrupt> {
        if self.locked.meets(row) {
            return Err(Interrupt::Blocked);
        }
        self.transaction.locks.add(row);
        self.read([row]);
        Ok(())
    }

    /// Writes rows as `change` leaves them; what it does not touch keeps what was read before.
    pub fn write(&mut self, row: Rows, change: impl FnOnce(&mut Tables)) -> Result<(), Interrupt> {
        let before = self.transaction.view;
        self.lock(row)?;
        // A row is written by value, from what the rule has read.
        if row != Rows::CUSTOMER {
            self.transaction.view.take(row, &before);
        }
        change(&mut self.transaction.view);
        self.transaction.written.add(row);
        Ok(())
    }

    /// `UPDATE customers SET counter = counter + …`.
    pub fn adjust(&mut self, open: i8, active: i8, out: i8) -> Result<(), Interrupt> {
        self.write(Rows::CUSTOMER, |view| {
            view.customer.open_orders += open;
            view.customer.active_subscriptions += active;
            view.customer.devices_out += out;
        })?;
        self.check()
    }

    /// `UPDATE customers SET status = …`.
    pub fn set_status(&mut self, status: Status) -> Result<(), Interrupt> {
        self.write(Rows::CUSTOMER, |view| view.customer.status = Some(status))?;
        self.check()
    }

    fn check(&self) -> Result<(), Interrupt> {
        match self.view().customer.is_allowed() || !self.checked {
            true => Ok(()),
            false => Err(Interrupt::Constraint),
        }
    }
}
