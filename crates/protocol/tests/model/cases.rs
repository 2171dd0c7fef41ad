//! The situations to start from, and what can be asked in them.

use protocol::{
    Device, DeviceId, Ending, Operation, Order, OrderId, OrderStatus, Status, Subscription,
    SubscriptionId, SubscriptionStatus,
};

use crate::system::Case;
use crate::tables::Tables;

/// Where an order and its subscription stand at the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Business {
    None,
    Pending,
    Confirmed,
    /// Two units, one of them handed out, and the subscription as told.
    Partial(SubscriptionStatus),
    /// Handed out; whether the last day has passed.
    Running(bool),
    /// Ended, and the device is still out.
    Out,
    /// Ended, and the device is back.
    Over,
    Cancelled,
}

const FIRST: [Business; 12] = [
    Business::None,
    Business::Pending,
    Business::Confirmed,
    Business::Partial(SubscriptionStatus::Active),
    Business::Partial(SubscriptionStatus::Cancelled),
    Business::Partial(SubscriptionStatus::Ended),
    Business::Running(false),
    Business::Running(true),
    Business::Out,
    Business::Over,
    Business::Cancelled,
    Business::Partial(SubscriptionStatus::Upgraded),
];

const SECOND: [Business; 4] = [
    Business::None,
    Business::Pending,
    Business::Running(false),
    Business::Out,
];

/// The device that can be handed out.
const SPARE: DeviceId = DeviceId(2);

/// Every situation: the customer unknown, active with any business, inactive with none.
pub fn starts() -> Vec<Tables> {
    let mut starts = vec![Tables::empty()];
    for first in FIRST {
        for second in SECOND {
            if (first, second) == (Business::None, Business::None) {
                continue;
            }
            let mut tables = Tables::empty();
            tables.customer.status = Some(Status::Active);
            place(&mut tables, 0, first);
            place(&mut tables, 1, second);
            let (open, active, out) = tables.counted();
            tables.customer.open_orders = open;
            tables.customer.active_subscriptions = active;
            tables.customer.devices_out = out;
            starts.push(tables);
            if tables.customer.is_settled() {
                tables.customer.status = Some(Status::Inactive);
                tables.appended.deactivated = 1;
                starts.push(tables);
            }
        }
    }
    starts
}

fn place(tables: &mut Tables, index: u32, business: Business) {
    use SubscriptionStatus::{Active, Cancelled, Ended};
    let (status, quantity, subscription, over) = match business {
        Business::None => return,
        Business::Pending => (OrderStatus::Pending, 1, None, false),
        Business::Confirmed => (OrderStatus::Confirmed, 1, None, false),
        Business::Partial(status) => (OrderStatus::Partial, 2, Some(status), false),
        Business::Running(over) => (OrderStatus::Fulfilled, 1, Some(Active), over),
        Business::Out => (OrderStatus::Fulfilled, 1, Some(Cancelled), false),
        Business::Over => (OrderStatus::Fulfilled, 1, Some(Ended), false),
        Business::Cancelled => (OrderStatus::Cancelled, 1, None, false),
    };
    let at = index as usize;
    tables.orders[at] = Some(Order {
        shape: index,
        status,
        quantity,
        rented: u8::from(subscription.is_some()),
    });
    let Some(status) = subscription else { return };
    tables.subscriptions[at] = Some(Subscription {
        order: Some(OrderId(index)),
        device: DeviceId(index),
        status,
        over,
        months: 12,
        paid: false,
    });
    tables.devices[at] = match status {
        Ended => Device::Returned,
        _ => Device::RentedOut(SubscriptionId(index)),
    };
}

/// Everything that can be asked about what is there.
pub fn operations(start: &Tables) -> Vec<Operation> {
    let mut operations = vec![Operation::CreateOrder {
        shape: 7,
        quantity: 1,
    }];
    if start.customer.status.is_none() {
        // Nobody knows an id yet.
        operations.push(Operation::CreateOrder {
            shape: 8,
            quantity: 2,
        });
        return operations;
    }
    operations.extend([
        Operation::DeleteCustomer,
        Operation::SetStatus(Status::Active),
        Operation::SetStatus(Status::Inactive),
        Operation::SetPhone(1),
        Operation::GetCustomer,
        Operation::UpdateAsset(SPARE, Device::Unavailable),
    ]);
    for index in 0..2 {
        let order = OrderId(index);
        if start.order(order).is_none() {
            continue;
        }
        operations.extend([
            Operation::CreateOrder {
                shape: index,
                quantity: 1,
            },
            Operation::ConfirmOrder(order),
            Operation::CancelOrder(order),
            Operation::CreateSubscription {
                order,
                device: SPARE,
                over: false,
                months: 12,
            },
        ]);
        let subscription = SubscriptionId(index);
        if start.subscription(subscription).is_none() {
            continue;
        }
        operations.extend([
            Operation::CancelSubscription(subscription),
            Operation::EndSubscription(subscription, Ending::EarlyReturn),
            Operation::EndSubscription(subscription, Ending::Buyout),
            Operation::EndSubscription(subscription, Ending::Complete),
            Operation::Upgrade {
                subscription,
                device: SPARE,
                months: 12,
            },
            Operation::Extend {
                subscription,
                months: 6,
            },
            Operation::CreateBillingGroup(subscription),
            Operation::MarkPaymentPaid(subscription),
            Operation::UpdateAsset(DeviceId(index), Device::Returned),
            Operation::UpdateAsset(DeviceId(index), Device::Available),
        ]);
    }
    operations
}

/// Every two operations at a time, from every situation.
pub fn pairs() -> Vec<Case> {
    cases(|start, all| {
        let mut chosen = Vec::new();
        for (index, first) in all.iter().enumerate() {
            for second in &all[index..] {
                chosen.push(case(start, &[*first, *second]));
            }
        }
        chosen
    })
}

/// Deletion and every other operation, from every situation.
pub fn with_deletion() -> Vec<Case> {
    cases(|start, all| {
        let others = all.iter();
        others
            .map(|other| case(start, &[Operation::DeleteCustomer, *other]))
            .collect()
    })
}

/// Deletion and every two other operations, from every situation.
pub fn with_deletion_in_threes() -> Vec<Case> {
    cases(|start, all| {
        let mut chosen = Vec::new();
        for (index, first) in all.iter().enumerate() {
            for second in &all[index..] {
                let operations = [Operation::DeleteCustomer, *first, *second];
                chosen.push(case(start, &operations));
            }
        }
        chosen
    })
}

/// Three first orders at the same moment.
pub fn first_orders() -> Vec<Case> {
    let order = |shape| Operation::CreateOrder { shape, quantity: 1 };
    let start = Tables::empty();
    vec![
        case(&start, &[order(1), order(2), order(3)]),
        case(&start, &[order(1), order(1), order(2)]),
        case(&start, &[order(1), order(1), order(1)]),
    ]
}

fn cases(choose: impl Fn(&Tables, &[Operation]) -> Vec<Case>) -> Vec<Case> {
    let starts = starts();
    let known = starts.iter().filter(|it| it.customer.status.is_some());
    known
        .flat_map(|start| choose(start, &operations(start)))
        .collect()
}

fn case(start: &Tables, operations: &[Operation]) -> Case {
    Case {
        start: *start,
        operations: operations.to_vec(),
    }
}
