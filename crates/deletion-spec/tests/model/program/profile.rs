//! updateCustomer and what is read.

use deletion_spec::{Answer, Audit, Code, Events, Profile, Status};

use super::{Flow, Step, blocked, refused};
use crate::tables::Rows;
use crate::transaction::Access;

pub fn set_status(at: u8, tx: &mut Access<'_>, status: Status) -> Step {
    match at {
        1 => {
            tx.lock_customer()?;
            Ok(Flow::Next)
        }
        2 => {
            let refusal = match (tx.view().customer.status, status) {
                (None, _) => return Ok(refused(Code::NotFound)),
                (Some(is), _) if is == status => return Ok(Flow::Commit(Answer::Done)),
                (Some(_), Status::Inactive) => blocked(tx),
                (Some(_), Status::Active) => None,
            };
            if let Some(answer) = refusal {
                return Ok(Flow::Refuse(answer));
            }
            tx.set_status(status)?;
            match status {
                Status::Inactive => tx.transaction.appended.deactivated += 1,
                Status::Active => tx.transaction.appended.reactivated += 1,
            }
            Ok(Flow::Next)
        }
        _ => Ok(Flow::Commit(Answer::Done)),
    }
}

pub fn set_phone(at: u8, tx: &mut Access<'_>, phone: u32) -> Step {
    match at {
        1 => {
            tx.lock_customer()?;
            if tx.view().customer.status.is_none() {
                return Ok(refused(Code::NotFound));
            }
            tx.write(Rows::CUSTOMER, |view| view.customer.phone = phone)?;
            Ok(Flow::Next)
        }
        _ => Ok(Flow::Commit(Answer::Done)),
    }
}

pub fn show(tx: &Access<'_>) -> Flow {
    let shown = tx.view().meaning();
    match shown.status {
        None => refused(Code::NotFound),
        Some(status) => Flow::Commit(Answer::Shown(Profile {
            status,
            phone: shown.phone,
            orders: shown.orders.len() as u32 + shown.upgrade_orders,
            subscriptions: shown.subscriptions.len() as u32,
            active_subscriptions: tx.view().customer.active_subscriptions as u32,
        })),
    }
}

pub fn audit(tx: &Access<'_>) -> Flow {
    let (row, appended) = (tx.view().customer, tx.view().appended);
    match row.status {
        None => refused(Code::NotFound),
        Some(status) => Flow::Commit(Answer::Audited(Audit {
            status,
            open_orders: row.open_orders as u32,
            active_subscriptions: row.active_subscriptions as u32,
            devices_out: row.devices_out as u32,
            events: Events {
                deactivated: appended.deactivated.into(),
                reactivated: appended.reactivated.into(),
            },
        })),
    }
}
