//! confirmOrder and cancelOrder.

use deletion_spec::{Answer, Code, Order, OrderId, OrderStatus, Status, SubscriptionStatus};

use super::{Fault, Flow, Step, refused, subscriptions};
use crate::tables::Rows;
use crate::transaction::{Access, Interrupt};

pub fn confirm_order(at: u8, tx: &mut Access<'_>, fault: Fault, id: OrderId) -> Step {
    match at {
        1 => {
            tx.lock_customer()?;
            Ok(Flow::Next)
        }
        2 => {
            // Otherwise it is known as it was when the transaction began.
            if fault != Fault::OrderSeenOnce {
                tx.read([Rows::order(id)]);
            }
            match tx.view().order(id) {
                None => Ok(refused(Code::NotFound)),
                Some(order) if order.status != OrderStatus::Pending => {
                    Ok(refused(Code::OrderNotConfirmable))
                }
                Some(_) if tx.view().customer.status == Some(Status::Inactive) => {
                    Ok(refused(Code::CustomerInactive))
                }
                Some(_) => Ok(Flow::Next),
            }
        }
        3 => {
            write_order(tx, id, |order| order.status = OrderStatus::Confirmed)?;
            Ok(Flow::Next)
        }
        _ => Ok(Flow::Commit(Answer::Done)),
    }
}

pub fn cancel_order(at: u8, tx: &mut Access<'_>, id: OrderId) -> Step {
    match at {
        1 => {
            tx.lock_customer()?;
            Ok(Flow::Next)
        }
        2 => {
            tx.read([Rows::order(id)]);
            tx.read(subscriptions(tx));
            let running = tx.view().subscriptions.iter().flatten();
            let running = running
                .filter(|it| it.order == Some(id) && it.status == SubscriptionStatus::Active)
                .count();
            match tx.view().order(id).map(|order| order.status) {
                None => Ok(refused(Code::NotFound)),
                Some(OrderStatus::Cancelled) => Ok(refused(Code::AlreadyCancelled)),
                Some(OrderStatus::Fulfilled) => Ok(refused(Code::OrderNotCancellable)),
                Some(_) if running > 0 => Ok(refused(Code::OrderNotCancellable)),
                Some(_) => Ok(Flow::Next),
            }
        }
        3 => {
            write_order(tx, id, |order| order.status = OrderStatus::Cancelled)?;
            tx.adjust(-1, 0, 0)?;
            Ok(Flow::Next)
        }
        _ => Ok(Flow::Commit(Answer::Done)),
    }
}

pub fn write_order(
    tx: &mut Access<'_>,
    id: OrderId,
    change: impl FnOnce(&mut Order),
) -> Result<(), Interrupt> {
    tx.write(Rows::order(id), |view| {
        let order = view.orders[id.0 as usize].as_mut();
        change(order.expect("the order was found"));
    })
}
