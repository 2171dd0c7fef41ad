//! Random operations that make sense, and random histories that the specification itself makes.

use crate::{
    Answer, Call, Customer, Device, DeviceId, Ending, Operation, OrderId, OrderStatus, Random,
    Status, SubscriptionId, SubscriptionStatus, apply,
};

/// How many of the latest orders, subscriptions and devices are asked about.
const LATEST: usize = 4;

/// A caller's idea of a customer, out of date as such ideas are.
#[derive(Debug, Clone, Default)]
pub struct Caller {
    idea: Customer,
    shapes: u32,
    devices: u32,
    phones: u32,
    /// Requests until the mood changes.
    mood: usize,
    /// Whether the caller is about to end everything and delete the customer.
    settling: bool,
}

/// Which operations there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Range {
    /// All of them.
    Everything,
    /// Without billing groups and payments.
    WithoutBilling,
}

impl Caller {
    /// Learns from what was answered to anybody.
    pub fn learn(&mut self, operation: &Operation, answer: &Answer) {
        let fresh = match answer {
            Answer::OrderPlaced(OrderId(id)) => *id,
            Answer::SubscriptionStarted(SubscriptionId(id)) => *id,
            Answer::Upgraded(SubscriptionId(id)) => *id,
            Answer::Done | Answer::GroupCreated => 0,
            Answer::Shown(_) | Answer::Audited(_) => return,
            Answer::Refused(_) | Answer::Blocked(..) => return,
        };
        apply(&mut self.idea, operation, fresh);
    }

    /// Whether the customer is known to exist.
    pub fn knows_the_customer(&self) -> bool {
        self.idea.status.is_some()
    }

    /// What the caller takes the customer for.
    pub fn idea(&self) -> &Customer {
        &self.idea
    }

    /// A device that was not asked about yet.
    pub fn new_device(&mut self) -> DeviceId {
        self.devices += 1;
        DeviceId(self.devices)
    }

    /// What to ask next.
    pub fn choose(&mut self, random: &mut Random, range: Range) -> Operation {
        if !self.knows_the_customer() {
            return self.new_order(random);
        }
        if self.mood == 0 {
            self.mood = 8 + random.below(24);
            self.settling = !self.settling;
        }
        self.mood -= 1;
        match (self.settling, random.chance(65)) {
            (true, true) => self.settle(random),
            (false, true) => self.build(random),
            (_, false) => self.anything(random, range),
        }
    }

    fn anything(&mut self, random: &mut Random, range: Range) -> Operation {
        let months = 1 + u16::try_from(random.below(12)).expect("a dozen");
        let subscription = self.subscription(random);
        match (random.below(100), subscription) {
            (0..10, _) => self.new_order(random),
            (10..22, _) => {
                Operation::ConfirmOrder(self.order(random, |it| it == OrderStatus::Pending))
            }
            (22..26, _) => Operation::CancelOrder(self.order(random, OrderStatus::is_open)),
            (26..44, _) => {
                let open = |it| matches!(it, OrderStatus::Confirmed | OrderStatus::Partial);
                Operation::CreateSubscription {
                    order: self.order(random, open),
                    device: self.device(random),
                    over: random.chance(30),
                    months,
                }
            }
            (44..54, _) => Operation::DeleteCustomer,
            (54..60, _) => Operation::SetStatus(Status::Active),
            (60..63, _) => Operation::SetStatus(Status::Inactive),
            (63..66, _) => {
                self.phones += 1;
                Operation::SetPhone(self.phones)
            }
            (66..72, _) | (_, None) => Operation::GetCustomer,
            (72..77, _) => {
                let to = [Device::Returned, Device::Available, Device::Unavailable];
                let to = random.pick(&to).copied().unwrap_or(Device::Sold);
                Operation::UpdateAsset(self.device(random), to)
            }
            (77..82, Some(id)) => Operation::Upgrade {
                subscription: id,
                device: self.device(random),
                months,
            },
            (82..87, Some(subscription)) => Operation::Extend {
                subscription,
                months,
            },
            (87..90, Some(id)) if range == Range::Everything => Operation::CreateBillingGroup(id),
            (90..93, Some(id)) if range == Range::Everything => Operation::MarkPaymentPaid(id),
            (_, Some(id)) => end(random, id),
        }
    }

    /// Mostly an order in a wanted state, as far as the caller knows.
    fn order(&self, random: &mut Random, wanted: impl Fn(OrderStatus) -> bool) -> OrderId {
        let orders = self.idea.orders.iter();
        let fitting = orders.filter(|(_, order)| wanted(order.status));
        let fitting = latest(random, fitting.map(|(id, _)| id));
        let found = match random.chance(80) {
            true => fitting.or_else(|| latest(random, self.idea.orders.keys())),
            false => latest(random, self.idea.orders.keys()),
        };
        found.unwrap_or(OrderId(0))
    }

    /// Mostly a subscription that runs.
    fn subscription(&self, random: &mut Random) -> Option<SubscriptionId> {
        let all = self.idea.subscriptions.iter();
        let running = all.filter(|(_, it)| it.status == SubscriptionStatus::Active);
        let running = latest(random, running.map(|(id, _)| id));
        match random.chance(80) {
            true => running.or_else(|| latest(random, self.idea.subscriptions.keys())),
            false => latest(random, self.idea.subscriptions.keys()),
        }
    }

    /// Takes one order one step further, or places another.
    fn build(&mut self, random: &mut Random) -> Operation {
        let orders = self.idea.orders.iter();
        let open = latest(
            random,
            orders
                .filter(|(_, order)| order.status.is_open())
                .map(|(id, _)| id),
        );
        let Some(order) = open else {
            return self.new_order(random);
        };
        match self.idea.orders[&order].status {
            OrderStatus::Pending => Operation::ConfirmOrder(order),
            _ => Operation::CreateSubscription {
                order,
                device: self.device(random),
                over: random.chance(30),
                months: 12,
            },
        }
    }

    /// Takes one thing out of the way, or deletes.
    fn settle(&self, random: &mut Random) -> Operation {
        let mut wanted = Vec::new();
        for (id, subscription) in &self.idea.subscriptions {
            if subscription.status == SubscriptionStatus::Active {
                wanted.push(end(random, *id));
            }
        }
        for (id, order) in &self.idea.orders {
            match order.status {
                OrderStatus::Pending if random.chance(20) => {
                    wanted.push(Operation::ConfirmOrder(*id));
                }
                status if status.is_open() => wanted.push(Operation::CancelOrder(*id)),
                _ => {}
            }
        }
        for (id, device) in &self.idea.devices {
            if let Device::RentedOut(by) = device
                && !self.idea.is_active(*by)
            {
                let to = [Device::Returned, Device::Unavailable, Device::Sold];
                let to = random.pick(&to).copied().unwrap_or(Device::Available);
                wanted.push(Operation::UpdateAsset(*id, to));
            }
        }
        match random.pick(&wanted) {
            Some(operation) if random.chance(75) => *operation,
            Some(_) => Operation::DeleteCustomer,
            None => match random.below(10) {
                0..5 => Operation::DeleteCustomer,
                5..7 => Operation::SetStatus(Status::Inactive),
                7..9 => Operation::SetStatus(Status::Active),
                _ => Operation::GetCustomer,
            },
        }
    }

    /// An order; sometimes the last one again.
    fn new_order(&mut self, random: &mut Random) -> Operation {
        if self.shapes == 0 || !random.chance(10) {
            self.shapes += 1;
        }
        let shape = self.shapes;
        Operation::CreateOrder {
            shape,
            // Always the same for the same shape.
            quantity: if shape.is_multiple_of(3) { 2 } else { 1 },
        }
    }

    /// A device; sometimes one that is in use.
    fn device(&mut self, random: &mut Random) -> DeviceId {
        if self.devices == 0 || random.chance(80) {
            return self.new_device();
        }
        let first = self.devices.saturating_sub(3).max(1);
        let span = usize::try_from(self.devices - first + 1).expect("a handful");
        DeviceId(first + u32::try_from(random.below(span)).expect("a handful"))
    }
}

fn latest<'a, T: Copy + 'a>(
    random: &mut Random,
    ids: impl DoubleEndedIterator<Item = &'a T>,
) -> Option<T> {
    let latest: Vec<T> = ids.rev().take(LATEST).copied().collect();
    random.pick(&latest).copied()
}

fn end(random: &mut Random, id: SubscriptionId) -> Operation {
    match random.below(10) {
        0..4 => Operation::CancelSubscription(id),
        4..6 => Operation::EndSubscription(id, Ending::EarlyReturn),
        6..8 => Operation::EndSubscription(id, Ending::Buyout),
        _ => Operation::EndSubscription(id, Ending::Complete),
    }
}

/// A history as a right server would give it: `clients` ask `length` times in all, and each
/// request takes effect at a random moment before it is answered. In `unheard` of a hundred cases
/// the connection fails.
pub fn history(random: &mut Random, clients: usize, length: usize, unheard: usize) -> Vec<Call> {
    /// A request under way.
    struct Pending {
        call: Call,
        fresh: u32,
        answer: Option<Answer>,
    }
    let mut customer = Customer::default();
    let mut caller = Caller::default();
    let mut pending: Vec<Pending> = Vec::new();
    let mut calls = Vec::new();
    let mut time = 0;
    let mut sent = 0;
    while sent < length || !pending.is_empty() {
        time += 1;
        if sent < length && pending.len() < clients && random.chance(50) {
            sent += 1;
            pending.push(Pending {
                call: Call {
                    operation: caller.choose(random, Range::Everything),
                    sent: time,
                    outcome: None,
                },
                fresh: u32::try_from(sent).expect("a short history"),
                answer: None,
            });
        }
        if pending.is_empty() {
            continue;
        }
        let index = random.below(pending.len());
        let Some(answer) = pending[index].answer else {
            let Pending { call, fresh, .. } = &pending[index];
            pending[index].answer = Some(apply(&mut customer, &call.operation, *fresh));
            continue;
        };
        let Pending { mut call, .. } = pending.swap_remove(index);
        if !random.chance(unheard) {
            call.outcome = Some((time, answer));
            caller.learn(&call.operation, &answer);
        }
        calls.push(call);
    }
    calls
}
