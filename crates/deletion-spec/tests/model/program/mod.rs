//! The implementation's protocol: for each request the statements of its transaction, in order.
//! Steps that neither lock, read nor end anything are one with the step before: nobody could tell.

mod assets;
mod catalogue;
mod orders;
mod profile;
mod rentals;

use deletion_spec::{
    Answer, Code, DeviceId, Operation, Order, OrderId, OrderStatus, Status, Subscription,
    SubscriptionId, SubscriptionStatus,
};

use crate::request::Request;
use crate::tables::Rows;
use crate::transaction::{Access, Engine, Interrupt, TenantLock};

/// What is done wrongly, to see that it is noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    None,
    /// createOrder reads the customer without locking it.
    OrderWithoutLock,
    /// createOrder decides before it locks the customer, and does not look again.
    CheckBeforeLock,
    /// createOrder does not count the order.
    CounterForgotten,
    /// The event is appended by a transaction of its own.
    EventOutside,
    /// deleteCustomer reads, then updates whatever it finds.
    DeleteReadsFirst,
    /// The same, and the table has no CHECK.
    DeleteUnchecked,
    /// The answer is sent before the commit.
    AcknowledgedEarly,
    /// cancelSubscription locks the subscription before the customer.
    LockedLate,
    /// confirmOrder does not read the order again once it has the customer's lock.
    OrderSeenOnce,
    /// A device is judged without its lock before it is handed out.
    HandedOutUnlocked,
    /// updateAsset does not look whether somebody else has the device once it has the lock.
    HolderSeenOnce,
    /// updateAsset locks the device before its holder.
    AssetBeforeHolder,
    /// The catalogue is changed beside other writes.
    CatalogueShared,
}

/// What follows a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// The next statement.
    Next,
    /// This statement of the same transaction.
    Go(u8),
    /// Commit, and answer.
    Commit(Answer),
    /// Commit, and go on with another transaction from this statement.
    Another(u8),
    /// Roll back, and answer.
    Refuse(Answer),
}

/// Where the second transaction of a deletion begins.
const EXPLAIN: u8 = 10;
/// Where an event outside of the transaction is appended.
const ANNOUNCE: u8 = 20;

type Step = Result<Flow, Interrupt>;

/// One request of one process.
#[derive(Debug, Clone, Copy)]
pub struct Program {
    pub engine: Engine,
    pub fault: Fault,
    pub request: Request,
    /// Names what the request makes.
    pub fresh: u32,
}

impl Program {
    /// Statement `at`, the first being 1.
    pub fn step(&self, at: u8, tx: &mut Access<'_>) -> Step {
        let operation = match self.request {
            Request::Of(operation) => operation,
            Request::NoteAsset(id) => return assets::update_asset(at, tx, self.fault, id, None),
            Request::RetireVariant => return catalogue::retire_variant(at, tx),
        };
        match operation {
            Operation::CreateOrder { shape, quantity } => {
                self.create_order(at, tx, shape, quantity)
            }
            Operation::ConfirmOrder(id) => orders::confirm_order(at, tx, self.fault, id),
            Operation::CancelOrder(id) => orders::cancel_order(at, tx, id),
            Operation::CreateSubscription {
                order,
                device,
                over,
                months,
            } => {
                let new = Subscription {
                    order: Some(order),
                    device,
                    status: SubscriptionStatus::Active,
                    over,
                    months,
                    paid: false,
                };
                let fresh = SubscriptionId(self.fresh);
                rentals::create_subscription(at, tx, self.fault, order, new, fresh)
            }
            Operation::CancelSubscription(id) if self.fault == Fault::LockedLate => match at {
                1 => {
                    tx.lock(Rows::subscription(id))?;
                    Ok(Flow::Next)
                }
                _ => rentals::cancel_subscription(at - 1, tx, id),
            },
            Operation::CancelSubscription(id) => rentals::cancel_subscription(at, tx, id),
            Operation::EndSubscription(id, ending) => rentals::end_subscription(at, tx, id, ending),
            Operation::Upgrade {
                subscription,
                device,
                months,
            } => {
                let new = Subscription {
                    order: None,
                    device,
                    status: SubscriptionStatus::Active,
                    over: false,
                    months,
                    paid: false,
                };
                let fresh = SubscriptionId(self.fresh);
                rentals::upgrade(at, tx, self.fault, subscription, new, fresh)
            }
            Operation::Extend {
                subscription,
                months,
            } => rentals::extend(at, tx, subscription, months),
            Operation::UpdateAsset(id, to) => {
                assets::update_asset(at, tx, self.fault, id, Some(to))
            }
            Operation::DeleteCustomer => self.delete_customer(at, tx),
            Operation::SetStatus(status) => profile::set_status(at, tx, status),
            Operation::SetPhone(phone) => profile::set_phone(at, tx, phone),
            Operation::CreateBillingGroup(member) => rentals::create_billing_group(at, tx, member),
            Operation::MarkPaymentPaid(id) => rentals::mark_payment_paid(at, tx, id),
            Operation::GetCustomer => Ok(profile::show(tx)),
            Operation::Audit => Ok(profile::audit(tx)),
        }
    }

    /// The lock that the transaction of statement `at` begins with. A deletion is first tried as
    /// one statement that commits itself.
    pub fn tenant_lock(&self, at: u8) -> TenantLock {
        match self.request {
            _ if self.engine == Engine::Serial || self.request.is_read() => TenantLock::None,
            Request::Of(Operation::DeleteCustomer) if at < EXPLAIN => TenantLock::None,
            Request::RetireVariant if self.fault != Fault::CatalogueShared => TenantLock::Exclusive,
            _ => TenantLock::Shared,
        }
    }

    fn create_order(&self, at: u8, tx: &mut Access<'_>, shape: u32, quantity: u8) -> Step {
        match at {
            1 => {
                match self.fault {
                    Fault::OrderWithoutLock => tx.read([Rows::CUSTOMER]),
                    Fault::CheckBeforeLock => {
                        tx.read([Rows::CUSTOMER]);
                        if tx.view().customer.status == Some(Status::Inactive) {
                            return Ok(refused(Code::CustomerInactive));
                        }
                    }
                    _ => tx.lock_customer()?,
                }
                Ok(Flow::Next)
            }
            2 => {
                match self.fault {
                    Fault::CheckBeforeLock => tx.lock_customer()?,
                    _ if tx.view().customer.status == Some(Status::Inactive) => {
                        return Ok(refused(Code::CustomerInactive));
                    }
                    _ => {}
                }
                tx.read(orders(tx));
                let repeated = |order: &Order| order.shape == shape && order.status.is_open();
                let place = tx.view().orders.iter();
                let place = place.enumerate().rev().find_map(|(place, order)| {
                    order.as_ref().filter(|it| repeated(it)).map(|_| place)
                });
                Ok(match place {
                    Some(place) => Flow::Commit(Answer::OrderPlaced(OrderId(place as u32))),
                    None => Flow::Next,
                })
            }
            3 => {
                tx.read([Rows::VARIANT]);
                Ok(match tx.view().offered {
                    true => Flow::Next,
                    false => refused(Code::VariantInactive),
                })
            }
            4 => {
                // The profile takes the addresses, or there is a new row.
                let absent = tx.view().customer.status.is_none();
                tx.write(Rows::CUSTOMER, |_| {})?;
                match (absent, tx.view().customer.status) {
                    (true, None) => tx.set_status(Status::Active)?,
                    // Somebody else was first: the e-mail is unique.
                    (true, Some(_)) => return Err(Interrupt::Conflict),
                    (false, _) => {}
                }
                let id = OrderId(self.fresh);
                let order = Order {
                    shape,
                    status: OrderStatus::Pending,
                    quantity,
                    rented: 0,
                };
                tx.write(Rows::order(id), |view| {
                    view.orders[id.0 as usize] = Some(order);
                })?;
                if self.fault != Fault::CounterForgotten {
                    tx.adjust(1, 0, 0)?;
                }
                Ok(Flow::Next)
            }
            _ => Ok(Flow::Commit(Answer::OrderPlaced(OrderId(self.fresh)))),
        }
    }

    fn delete_customer(&self, at: u8, tx: &mut Access<'_>) -> Step {
        let reads_first = matches!(self.fault, Fault::DeleteReadsFirst | Fault::DeleteUnchecked);
        match at {
            // The statement skips a row that somebody else has locked, and judges what it has.
            1 => {
                tx.read([Rows::CUSTOMER]);
                let matches = |tx: &Access<'_>| {
                    let row = tx.view().customer;
                    row.status == Some(Status::Active) && row.is_settled()
                };
                if matches(tx) && reads_first {
                    return Ok(Flow::Next);
                }
                let skipped = tx.lock_customer().is_err();
                if !skipped && matches(tx) {
                    self.deactivate(tx)?;
                    return Ok(Flow::Go(3));
                }
                Ok(match self.engine {
                    Engine::Serial => Flow::Go(EXPLAIN),
                    Engine::ReadCommitted => Flow::Another(EXPLAIN),
                })
            }
            2 => {
                self.deactivate(tx)?;
                Ok(Flow::Next)
            }
            3 => self.deactivated(),
            EXPLAIN => {
                tx.lock_customer()?;
                Ok(Flow::Next)
            }
            11 => match tx.view().customer.status {
                None => Ok(refused(Code::NotFound)),
                Some(Status::Inactive) => Ok(Flow::Commit(Answer::Done)),
                Some(Status::Active) => match blocked(tx) {
                    Some(answer) => Ok(Flow::Refuse(answer)),
                    None => {
                        self.deactivate(tx)?;
                        Ok(Flow::Go(3))
                    }
                },
            },
            ANNOUNCE => {
                tx.transaction.appended.deactivated += 1;
                Ok(Flow::Next)
            }
            _ => Ok(Flow::Commit(Answer::Done)),
        }
    }

    fn deactivate(&self, tx: &mut Access<'_>) -> Result<(), Interrupt> {
        tx.set_status(Status::Inactive)?;
        if self.fault != Fault::EventOutside {
            tx.transaction.appended.deactivated += 1;
        }
        Ok(())
    }

    fn deactivated(&self) -> Step {
        Ok(match self.fault {
            Fault::EventOutside => Flow::Another(ANNOUNCE),
            _ => Flow::Commit(Answer::Done),
        })
    }
}

fn refused(code: Code) -> Flow {
    Flow::Refuse(Answer::Refused(code))
}

fn orders(tx: &Access<'_>) -> Vec<Rows> {
    (0..tx.view().orders.len())
        .map(|place| Rows::order(OrderId(place as u32)))
        .collect()
}

fn subscriptions(tx: &Access<'_>) -> Vec<Rows> {
    (0..tx.view().subscriptions.len())
        .map(|place| Rows::subscription(SubscriptionId(place as u32)))
        .collect()
}

fn devices(tx: &Access<'_>) -> Vec<Rows> {
    (0..tx.view().devices.len())
        .map(|place| Rows::device(DeviceId(place as u32)))
        .collect()
}

/// What stands in the way of deletion, by the counters; the records are named from their rows.
fn blocked(tx: &mut Access<'_>) -> Option<Answer> {
    let row = tx.view().customer;
    tx.read(orders(tx));
    tx.read(subscriptions(tx));
    tx.read(devices(tx));
    let named = tx.view().meaning();
    if row.active_subscriptions > 0 {
        let count = named.active_subscriptions();
        Some(Answer::Blocked(Code::ActiveSubscriptions, count))
    } else if row.open_orders > 0 {
        Some(Answer::Blocked(Code::PendingOrders, named.open_orders()))
    } else if row.devices_out > 0 {
        let count = named.devices_out();
        Some(Answer::Blocked(Code::UnreturnedDevices, count))
    } else {
        None
    }
}
