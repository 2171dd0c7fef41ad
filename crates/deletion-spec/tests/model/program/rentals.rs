//! What happens to subscriptions.

use deletion_spec::{
    Answer, Code, Device, DeviceId, Ending, OrderId, OrderStatus, Status, Subscription,
    SubscriptionId, SubscriptionStatus,
};

use super::orders::write_order;
use super::{Fault, Flow, Step, devices, refused};
use crate::tables::Rows;
use crate::transaction::{Access, Interrupt};

pub fn create_subscription(
    at: u8,
    tx: &mut Access<'_>,
    fault: Fault,
    order: OrderId,
    new: Subscription,
    id: SubscriptionId,
) -> Step {
    match at {
        1 => {
            tx.lock_customer()?;
            Ok(Flow::Next)
        }
        2 => {
            tx.read([Rows::order(order)]);
            let customer = tx.view().customer.status;
            let refusal = match tx.view().order(order).map(|order| order.status) {
                None => Code::OrderNotFound,
                Some(OrderStatus::Pending | OrderStatus::Cancelled) => Code::OrderNotConfirmed,
                Some(OrderStatus::Fulfilled) => Code::ItemFullyFulfilled,
                Some(_) if customer == Some(Status::Inactive) => Code::CustomerInactive,
                Some(_) => return Ok(Flow::Next),
            };
            Ok(refused(refusal))
        }
        3 => choose(tx, fault, new.device),
        4 => {
            let mut closed = false;
            write_order(tx, order, |order| {
                order.rented += 1;
                closed = order.rented == order.quantity;
                order.status = match closed {
                    true => OrderStatus::Fulfilled,
                    false => OrderStatus::Partial,
                };
            })?;
            tx.adjust(-i8::from(closed), 0, 0)?;
            start(tx, new, id)?;
            Ok(Flow::Next)
        }
        5 => {
            hand_out(tx, new.device, id)?;
            Ok(Flow::Next)
        }
        _ => Ok(Flow::Commit(Answer::SubscriptionStarted(id))),
    }
}

pub fn cancel_subscription(at: u8, tx: &mut Access<'_>, id: SubscriptionId) -> Step {
    match at {
        1 => {
            tx.lock_customer()?;
            Ok(Flow::Next)
        }
        2 => {
            tx.read([Rows::subscription(id)]);
            Ok(match tx.view().subscription(id).map(|it| it.status) {
                None => refused(Code::NotFound),
                Some(SubscriptionStatus::Active) => Flow::Next,
                Some(SubscriptionStatus::Cancelled) => refused(Code::AlreadyCancelled),
                Some(SubscriptionStatus::Ended | SubscriptionStatus::Upgraded) => {
                    refused(Code::AlreadyEnded)
                }
            })
        }
        3 => {
            end(tx, id, SubscriptionStatus::Cancelled)?;
            Ok(Flow::Next)
        }
        _ => Ok(Flow::Commit(Answer::Done)),
    }
}

pub fn end_subscription(at: u8, tx: &mut Access<'_>, id: SubscriptionId, ending: Ending) -> Step {
    match at {
        1 => {
            tx.lock_customer()?;
            Ok(Flow::Next)
        }
        2 => Ok(match running(tx, id) {
            Ok(it) if ending == Ending::Complete && !it.over => refused(Code::ContractNotEnded),
            Ok(_) => Flow::Next,
            Err(refusal) => refusal,
        }),
        3 => {
            end(tx, id, SubscriptionStatus::Ended)?;
            Ok(Flow::Next)
        }
        4 => {
            let to = match ending {
                Ending::Buyout => Device::Sold,
                Ending::EarlyReturn | Ending::Complete => Device::Returned,
            };
            let of = tx.view().subscription(id).map(|it| it.device);
            let of = of.expect("an ended subscription has a device");
            tx.write(Rows::device(of), |view| view.put(of, to))?;
            tx.adjust(0, 0, -1)?;
            Ok(Flow::Next)
        }
        _ => Ok(Flow::Commit(Answer::Done)),
    }
}

pub fn upgrade(
    at: u8,
    tx: &mut Access<'_>,
    fault: Fault,
    old: SubscriptionId,
    new: Subscription,
    id: SubscriptionId,
) -> Step {
    match at {
        1 => {
            tx.lock_customer()?;
            Ok(Flow::Next)
        }
        2 => Ok(match running(tx, old) {
            Ok(_) => Flow::Next,
            Err(refusal) => refusal,
        }),
        3 => choose(tx, fault, new.device),
        4 => {
            tx.transaction.appended.upgrade_orders += 1;
            end(tx, old, SubscriptionStatus::Upgraded)?;
            start(tx, new, id)?;
            Ok(Flow::Next)
        }
        5 => {
            hand_out(tx, new.device, id)?;
            Ok(Flow::Next)
        }
        _ => Ok(Flow::Commit(Answer::Upgraded(id))),
    }
}

pub fn extend(at: u8, tx: &mut Access<'_>, id: SubscriptionId, months: u16) -> Step {
    match at {
        1 => {
            tx.lock_customer()?;
            Ok(Flow::Next)
        }
        2 => Ok(match running(tx, id) {
            Ok(it) if it.months + months > 120 => refused(Code::InvalidExtensionMonths),
            Ok(_) => Flow::Next,
            Err(refusal) => refusal,
        }),
        3 => {
            write_subscription(tx, id, |it| it.months += months)?;
            Ok(Flow::Next)
        }
        _ => Ok(Flow::Commit(Answer::Done)),
    }
}

pub fn create_billing_group(at: u8, tx: &mut Access<'_>, member: SubscriptionId) -> Step {
    match at {
        1 => {
            tx.lock_customer()?;
            Ok(Flow::Next)
        }
        2 => {
            tx.read([Rows::subscription(member)]);
            let refusal = match (
                tx.view().customer.status,
                tx.view().subscription(member).map(|it| it.status),
            ) {
                (None, _) => Code::NotFound,
                (Some(Status::Inactive), _) => Code::CustomerInactive,
                (_, None) => Code::SubscriptionNotFound,
                (_, Some(SubscriptionStatus::Active)) => {
                    tx.transaction.appended.groups += 1;
                    return Ok(Flow::Next);
                }
                (_, Some(_)) => Code::SubscriptionNotActive,
            };
            Ok(refused(refusal))
        }
        _ => Ok(Flow::Commit(Answer::GroupCreated)),
    }
}

pub fn mark_payment_paid(at: u8, tx: &mut Access<'_>, id: SubscriptionId) -> Step {
    match at {
        1 => {
            tx.lock_customer()?;
            Ok(Flow::Next)
        }
        2 => {
            tx.read([Rows::subscription(id)]);
            Ok(match tx.view().subscription(id) {
                None => refused(Code::NotFound),
                Some(it) if it.paid => refused(Code::AlreadyPaid),
                Some(_) => Flow::Next,
            })
        }
        3 => {
            write_subscription(tx, id, |it| it.paid = true)?;
            // What was collected is a counter, too.
            tx.adjust(0, 0, 0)?;
            Ok(Flow::Next)
        }
        _ => Ok(Flow::Commit(Answer::Done)),
    }
}

fn running(tx: &mut Access<'_>, id: SubscriptionId) -> Result<Subscription, Flow> {
    tx.read([Rows::subscription(id)]);
    match tx.view().subscription(id) {
        None => Err(refused(Code::NotFound)),
        Some(it) if it.status != SubscriptionStatus::Active => {
            Err(refused(Code::SubscriptionNotActive))
        }
        Some(it) => Ok(it),
    }
}

/// Judges the device that is to be handed out.
fn choose(tx: &mut Access<'_>, fault: Fault, device: DeviceId) -> Step {
    match fault {
        Fault::HandedOutUnlocked => tx.read([Rows::device(device)]),
        _ => tx.lock(Rows::device(device))?,
    }
    Ok(match tx.view().device(device) {
        Device::Available => Flow::Next,
        _ => refused(Code::AssetNotAvailable),
    })
}

/// The device is still out; the counter says so until somebody takes it off again. The holder's
/// lock is what makes devices stand still.
fn end(
    tx: &mut Access<'_>,
    id: SubscriptionId,
    status: SubscriptionStatus,
) -> Result<(), Interrupt> {
    write_subscription(tx, id, |it| it.status = status)?;
    tx.read(devices(tx));
    let held = tx.view().devices.iter();
    let held = held.filter(|it| it.at == Device::RentedOut(id)).count();
    tx.adjust(0, -1, i8::try_from(held).expect("a handful"))
}

fn start(tx: &mut Access<'_>, new: Subscription, id: SubscriptionId) -> Result<(), Interrupt> {
    tx.write(Rows::subscription(id), |view| {
        view.subscriptions[id.0 as usize] = Some(new);
    })?;
    tx.adjust(0, 1, 0)
}

fn hand_out(tx: &mut Access<'_>, device: DeviceId, to: SubscriptionId) -> Result<(), Interrupt> {
    tx.write(Rows::device(device), |view| {
        view.put(device, Device::RentedOut(to));
    })
}

fn write_subscription(
    tx: &mut Access<'_>,
    id: SubscriptionId,
    change: impl FnOnce(&mut Subscription),
) -> Result<(), Interrupt> {
    tx.write(Rows::subscription(id), |view| {
        let subscription = view.subscriptions[id.0 as usize].as_mut();
        change(subscription.expect("the subscription was found"));
    })
}
