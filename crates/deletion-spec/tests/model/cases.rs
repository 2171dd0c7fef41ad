//! The situations to start from, and what can be asked in them.

use deletion_spec::{
    Device, DeviceId, Ending, Operation, Order, OrderId, OrderStatus, Status, Subscription,
    SubscriptionId, SubscriptionStatus,
};

use crate::request::Request;
use crate::system::{Case, fresh};
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
pub const SPARE: DeviceId = DeviceId(2);

/// Deletion, whatever else is asked.
const DELETION: Request = Request::Of(Operation::DeleteCustomer);

/// Every situation of a customer: active with any business, inactive with none.
fn starts() -> Vec<Tables> {
    let mut starts = Vec::new();
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
    let device = match status {
        Ended => Device::Returned,
        _ => Device::RentedOut(SubscriptionId(index)),
    };
    tables.put(DeviceId(index), device);
}

/// Everything that can be asked about what is there.
fn requests(start: &Tables) -> Vec<Request> {
    let mut requests: Vec<_> = operations(start).into_iter().map(Request::Of).collect();
    requests.extend([Request::NoteAsset(SPARE), Request::RetireVariant]);
    for index in 0..2 {
        if start.subscription(SubscriptionId(index)).is_some() {
            requests.push(Request::NoteAsset(DeviceId(index)));
        }
    }
    requests
}

fn operations(start: &Tables) -> Vec<Operation> {
    let mut operations = vec![
        Operation::CreateOrder {
            shape: 7,
            quantity: 1,
        },
        Operation::DeleteCustomer,
        Operation::SetStatus(Status::Active),
        Operation::SetStatus(Status::Inactive),
        Operation::SetPhone(1),
        Operation::GetCustomer,
        Operation::UpdateAsset(SPARE, Device::Unavailable),
    ];
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

/// Every two requests at a time, from every situation.
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

/// Deletion and every other request, from every situation.
pub fn with_deletion() -> Vec<Case> {
    cases(|start, all| {
        let others = all.iter();
        others
            .map(|other| case(start, &[DELETION, *other]))
            .collect()
    })
}

/// Deletion and every two other requests, from every situation.
pub fn with_deletion_in_threes() -> Vec<Case> {
    cases(|start, all| {
        let mut chosen = Vec::new();
        for (index, first) in all.iter().enumerate() {
            for second in &all[index..] {
                chosen.push(case(start, &[DELETION, *first, *second]));
            }
        }
        chosen
    })
}

/// Every request while a device is handed out and that subscription ended, from every situation
/// with something to be handed out.
pub fn with_handing_out() -> Vec<Case> {
    let order = OrderId(0);
    let creation = Operation::CreateSubscription {
        order,
        device: SPARE,
        over: false,
        months: 12,
    };
    // By the process that comes second.
    let started = SubscriptionId(fresh(1));
    let ends = [
        Operation::CancelSubscription(started),
        Operation::EndSubscription(started, Ending::EarlyReturn),
        Operation::EndSubscription(started, Ending::Buyout),
    ];
    cases(|start, all| {
        let mut chosen = Vec::new();
        let status = start.order(order).map(|order| order.status);
        if !matches!(status, Some(OrderStatus::Confirmed | OrderStatus::Partial)) {
            return chosen;
        }
        for request in all {
            for end in ends {
                let requests = [*request, Request::Of(creation), Request::Of(end)];
                chosen.push(case(start, &requests));
            }
        }
        chosen
    })
}

/// Three first orders at the same moment, or two and a change of the catalogue.
pub fn first_orders() -> Vec<Case> {
    let order = |shape| Request::Of(Operation::CreateOrder { shape, quantity: 1 });
    let start = Tables::empty();
    vec![
        case(&start, &[order(1), order(2), order(3)]),
        case(&start, &[order(1), order(1), order(2)]),
        case(&start, &[order(1), order(1), order(1)]),
        case(&start, &[order(1), order(2), Request::RetireVariant]),
        case(&start, &[order(1), order(1), Request::RetireVariant]),
    ]
}

fn cases(choose: impl Fn(&Tables, &[Request]) -> Vec<Case>) -> Vec<Case> {
    let starts = starts();
    starts
        .iter()
        .flat_map(|start| choose(start, &requests(start)))
        .collect()
}

fn case(start: &Tables, requests: &[Request]) -> Case {
    Case {
        start: *start,
        requests: requests.to_vec(),
    }
}
