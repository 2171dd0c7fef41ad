//! What each operation answers, and what it changes, when nothing else happens at the same time.

use crate::operation::Code::{self, *};
use crate::{
    Answer, Audit, Customer, Device, DeviceId, Ending, Operation, Order, OrderId, OrderStatus,
    Profile, Status, Subscription, SubscriptionId, SubscriptionStatus,
};

/// Longest contract, extensions included.
const MOST_MONTHS: u16 = 120;

/// Most records that a refusal of deletion names.
const MOST_NAMED: u32 = 100;

/// Does what is asked and gives the answer. A refusal changes nothing. Whatever the operation
/// makes is named `fresh`, a number that nothing of this kind has yet.
pub fn apply(customer: &mut Customer, operation: &Operation, fresh: u32) -> Answer {
    decide(customer, operation, fresh).unwrap_or_else(|refusal| refusal)
}

type Decision = Result<Answer, Answer>;

fn decide(customer: &mut Customer, operation: &Operation, fresh: u32) -> Decision {
    match *operation {
        Operation::CreateOrder { shape, quantity } => {
            create_order(customer, shape, quantity, OrderId(fresh))
        }
        Operation::ConfirmOrder(id) => confirm_order(customer, id),
        Operation::CancelOrder(id) => cancel_order(customer, id),
        Operation::CreateSubscription {
            order,
            device,
            over,
            months,
        } => {
            let subscription = Subscription {
                order: Some(order),
                device,
                status: SubscriptionStatus::Active,
                over,
                months,
                paid: false,
            };
            create_subscription(customer, order, subscription, SubscriptionId(fresh))
        }
        Operation::CancelSubscription(id) => cancel_subscription(customer, id),
        Operation::EndSubscription(id, ending) => end_subscription(customer, id, ending),
        Operation::Upgrade {
            subscription,
            device,
            months,
        } => upgrade(
            customer,
            subscription,
            device,
            months,
            SubscriptionId(fresh),
        ),
        Operation::Extend {
            subscription,
            months,
        } => extend(customer, subscription, months),
        Operation::UpdateAsset(id, to) => update_asset(customer, id, to),
        Operation::DeleteCustomer | Operation::SetStatus(Status::Inactive) => deactivate(customer),
        Operation::SetStatus(Status::Active) => reactivate(customer),
        Operation::SetPhone(phone) => {
            known(customer)?;
            customer.phone = phone;
            Ok(Answer::Done)
        }
        Operation::CreateBillingGroup(member) => create_billing_group(customer, member),
        Operation::MarkPaymentPaid(id) => mark_payment_paid(customer, id),
        Operation::GetCustomer => show(customer),
        Operation::Audit => audit(customer),
    }
}

fn refused<T>(code: Code) -> Result<T, Answer> {
    Err(Answer::Refused(code))
}

fn known(customer: &Customer) -> Result<Status, Answer> {
    customer.status.ok_or(Answer::Refused(NotFound))
}

fn create_order(customer: &mut Customer, shape: u32, quantity: u8, fresh: OrderId) -> Decision {
    if customer.status == Some(Status::Inactive) {
        return refused(CustomerInactive);
    }
    let repeated = |order: &Order| order.shape == shape && order.status.is_open();
    if let Some((id, _)) = customer.orders.iter().rev().find(|(_, it)| repeated(it)) {
        return Ok(Answer::OrderPlaced(*id));
    }
    customer.status = Some(Status::Active);
    let order = Order {
        shape,
        status: OrderStatus::Pending,
        quantity,
        rented: 0,
    };
    customer.orders.insert(fresh, order);
    Ok(Answer::OrderPlaced(fresh))
}

fn confirm_order(customer: &mut Customer, id: OrderId) -> Decision {
    let Some(order) = customer.orders.get_mut(&id) else {
        return refused(NotFound);
    };
    match order.status {
        OrderStatus::Pending if customer.status == Some(Status::Inactive) => {
            refused(CustomerInactive)
        }
        OrderStatus::Pending => {
            order.status = OrderStatus::Confirmed;
            Ok(Answer::Done)
        }
        OrderStatus::Confirmed
        | OrderStatus::Partial
        | OrderStatus::Fulfilled
        | OrderStatus::Cancelled => refused(OrderNotConfirmable),
    }
}

fn cancel_order(customer: &mut Customer, id: OrderId) -> Decision {
    let running = customer
        .subscriptions
        .values()
        .any(|it| it.order == Some(id) && it.status == SubscriptionStatus::Active);
    let Some(order) = customer.orders.get_mut(&id) else {
        return refused(NotFound);
    };
    match order.status {
        OrderStatus::Cancelled => refused(AlreadyCancelled),
        OrderStatus::Fulfilled => refused(OrderNotCancellable),
        OrderStatus::Pending | OrderStatus::Confirmed | OrderStatus::Partial if running => {
            refused(OrderNotCancellable)
        }
        OrderStatus::Pending | OrderStatus::Confirmed | OrderStatus::Partial => {
            order.status = OrderStatus::Cancelled;
            Ok(Answer::Done)
        }
    }
}

fn create_subscription(
    customer: &mut Customer,
    order: OrderId,
    subscription: Subscription,
    fresh: SubscriptionId,
) -> Decision {
    let device = subscription.device;
    let available = customer.device(device) == Device::Available;
    let status = customer.status;
    let Some(order) = customer.orders.get_mut(&order) else {
        return refused(OrderNotFound);
    };
    match order.status {
        OrderStatus::Pending | OrderStatus::Cancelled => return refused(OrderNotConfirmed),
        OrderStatus::Fulfilled => return refused(ItemFullyFulfilled),
        OrderStatus::Confirmed | OrderStatus::Partial => {}
    }
    if status == Some(Status::Inactive) {
        return refused(CustomerInactive);
    }
    if !available {
        return refused(AssetNotAvailable);
    }
    order.rented += 1;
    order.status = match order.rented < order.quantity {
        true => OrderStatus::Partial,
        false => OrderStatus::Fulfilled,
    };
    customer.set_device(device, Device::RentedOut(fresh));
    customer.subscriptions.insert(fresh, subscription);
    Ok(Answer::SubscriptionStarted(fresh))
}

fn running(customer: &mut Customer, id: SubscriptionId) -> Result<&mut Subscription, Answer> {
    match customer.subscriptions.get_mut(&id) {
        None => refused(NotFound),
        Some(it) if it.status != SubscriptionStatus::Active => refused(SubscriptionNotActive),
        Some(it) => Ok(it),
    }
}

fn cancel_subscription(customer: &mut Customer, id: SubscriptionId) -> Decision {
    let Some(subscription) = customer.subscriptions.get_mut(&id) else {
        return refused(NotFound);
    };
    match subscription.status {
        SubscriptionStatus::Active => {
            subscription.status = SubscriptionStatus::Cancelled;
            Ok(Answer::Done)
        }
        SubscriptionStatus::Cancelled => refused(AlreadyCancelled),
        SubscriptionStatus::Ended | SubscriptionStatus::Upgraded => refused(AlreadyEnded),
    }
}

fn end_subscription(customer: &mut Customer, id: SubscriptionId, ending: Ending) -> Decision {
    let subscription = running(customer, id)?;
    let device = match ending {
        Ending::Complete if !subscription.over => return refused(ContractNotEnded),
        Ending::EarlyReturn | Ending::Complete => Device::Returned,
        Ending::Buyout => Device::Sold,
    };
    subscription.status = SubscriptionStatus::Ended;
    let id = subscription.device;
    customer.set_device(id, device);
    Ok(Answer::Done)
}

fn upgrade(
    customer: &mut Customer,
    id: SubscriptionId,
    device: DeviceId,
    months: u16,
    fresh: SubscriptionId,
) -> Decision {
    let available = customer.device(device) == Device::Available;
    let old = running(customer, id)?;
    if !available {
        return refused(AssetNotAvailable);
    }
    old.status = SubscriptionStatus::Upgraded;
    let new = Subscription {
        order: None,
        device,
        status: SubscriptionStatus::Active,
        over: false,
        months,
        paid: false,
    };
    customer.subscriptions.insert(fresh, new);
    customer.set_device(device, Device::RentedOut(fresh));
    customer.upgrade_orders += 1;
    Ok(Answer::Upgraded(fresh))
}

fn extend(customer: &mut Customer, id: SubscriptionId, months: u16) -> Decision {
    let subscription = running(customer, id)?;
    if months == 0 || subscription.months + months > MOST_MONTHS {
        return refused(InvalidExtensionMonths);
    }
    subscription.months += months;
    Ok(Answer::Done)
}

fn update_asset(customer: &mut Customer, id: DeviceId, to: Device) -> Decision {
    use Device::{Available, RentedOut, Returned, Sold, Unavailable};
    let from = customer.device(id);
    let allowed = match (from, to) {
        _ if from == to => return Ok(Answer::Done),
        (RentedOut(by), _) if customer.is_active(by) => return refused(AssetInUse),
        (_, RentedOut(_)) | (Sold, _) => false,
        (RentedOut(_), _) => true,
        (Returned, Available | Unavailable | Sold) => true,
        (Unavailable, Available | Returned) => true,
        (Available, Unavailable | Sold) => true,
        (Unavailable | Available, _) | (Returned, Returned) => false,
    };
    if !allowed {
        return refused(InvalidStatus);
    }
    customer.set_device(id, to);
    Ok(Answer::Done)
}

fn deactivate(customer: &mut Customer) -> Decision {
    if known(customer)? == Status::Inactive {
        return Ok(Answer::Done);
    }
    let blockers = [
        (ActiveSubscriptions, customer.active_subscriptions()),
        (PendingOrders, customer.open_orders()),
        (UnreturnedDevices, customer.devices_out()),
    ];
    if let Some((code, count)) = blockers.into_iter().find(|(_, count)| *count > 0) {
        return Err(Answer::Blocked(code, count.min(MOST_NAMED)));
    }
    customer.status = Some(Status::Inactive);
    customer.events.deactivated += 1;
    Ok(Answer::Done)
}

fn reactivate(customer: &mut Customer) -> Decision {
    if known(customer)? == Status::Inactive {
        customer.status = Some(Status::Active);
        customer.events.reactivated += 1;
    }
    Ok(Answer::Done)
}

fn create_billing_group(customer: &mut Customer, member: SubscriptionId) -> Decision {
    if known(customer)? == Status::Inactive {
        return refused(CustomerInactive);
    }
    match customer.subscriptions.get(&member) {
        None => refused(SubscriptionNotFound),
        Some(it) if it.status != SubscriptionStatus::Active => refused(SubscriptionNotActive),
        Some(_) => {
            customer.groups += 1;
            Ok(Answer::GroupCreated)
        }
    }
}

fn mark_payment_paid(customer: &mut Customer, id: SubscriptionId) -> Decision {
    match customer.subscriptions.get_mut(&id) {
        None => refused(NotFound),
        Some(it) if it.paid => refused(AlreadyPaid),
        Some(it) => {
            it.paid = true;
            Ok(Answer::Done)
        }
    }
}

fn show(customer: &Customer) -> Decision {
    let length = |count: usize| u32::try_from(count).expect("ids are 32 bits wide");
    Ok(Answer::Shown(Profile {
        status: known(customer)?,
        phone: customer.phone,
        orders: length(customer.orders.len()) + customer.upgrade_orders,
        subscriptions: length(customer.subscriptions.len()),
        active_subscriptions: customer.active_subscriptions(),
    }))
}

fn audit(customer: &Customer) -> Decision {
    Ok(Answer::Audited(Audit {
        status: known(customer)?,
        open_orders: customer.open_orders(),
        active_subscriptions: customer.active_subscriptions(),
        devices_out: customer.devices_out(),
        events: customer.events,
    }))
}
