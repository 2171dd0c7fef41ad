//! Between the operations of the specification and HTTP.

use std::collections::HashMap;

use deletion_spec::{
    Answer, Code, Device, DeviceId, Ending, Operation, OrderId, Profile, Status, SubscriptionId,
};
use hyper::Method;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use serde_json::{Value, json};

/// Variants of the catalogue.
pub const VARIANTS: u32 = 64;
/// Contract lengths of each, from one month.
pub const LENGTHS: u32 = 12;
/// Shapes of orders there are.
pub const SHAPES: u32 = VARIANTS * LENGTHS;

/// The SKU that an order of this shape is about.
pub fn sku(shape: u32) -> u32 {
    (shape / LENGTHS) % VARIANTS
}

/// A first day so long ago that the longest contract from it is over, and a day later still.
fn long_ago() -> String {
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
    (today - 10.years() + 1.day()).to_string()
}

/// The contract length in an order of this shape.
pub fn months(shape: u32) -> u16 {
    u16::try_from(1 + shape % LENGTHS).expect("a dozen")
}

/// The name of a variant.
pub fn sku_name(sku: u32) -> String {
    format!("SKU-{sku}")
}

/// The server's names of one customer's things.
#[derive(Debug, Default)]
pub struct Names {
    /// Number of the customer in the history.
    pub number: u32,
    /// Its id, once somebody knows.
    pub customer: Option<String>,
    orders: Ids,
    subscriptions: Ids,
}

/// Ids in the order in which they were first heard of.
#[derive(Debug, Default)]
struct Ids {
    ids: Vec<String>,
    numbers: HashMap<String, u32>,
}

impl Ids {
    /// The number of an id, from 1.
    fn number(&mut self, id: &str) -> u32 {
        if let Some(number) = self.numbers.get(id) {
            return *number;
        }
        self.ids.push(id.to_owned());
        let number = u32::try_from(self.ids.len()).expect("fewer ids");
        self.numbers.insert(id.to_owned(), number);
        number
    }

    /// The id of a number; an unknown one has an id that nothing has.
    fn id(&self, number: u32) -> &str {
        let index = (number as usize).wrapping_sub(1);
        self.ids.get(index).map_or("unknown", String::as_str)
    }
}

/// What is sent.
pub struct Request {
    pub method: Method,
    pub path: String,
    pub body: String,
}

impl Names {
    pub fn serial(&self, device: DeviceId) -> String {
        format!("C{}D{}", self.number, device.0)
    }

    pub fn email(&self) -> String {
        format!("customer{}@example.com", self.number)
    }

    /// The request of an operation; `sku` is that of the device that it names.
    pub fn request(&self, operation: &Operation, sku: u32) -> Request {
        let customer = self.customer.as_deref().unwrap_or("unknown");
        let customer = format!("/v1/customers/{customer}");
        let order = |id: OrderId| format!("/v1/orders/{}", self.orders.id(id.0));
        let rental = |id: SubscriptionId| {
            let id = self.subscriptions.id(id.0);
            format!("/v1/subscriptions/{id}")
        };
        let post = |path: String, body: Value| (Method::POST, path, body);
        let (method, path, body) = match *operation {
            Operation::CreateOrder { shape, quantity } => {
                post("/v1/orders".into(), self.order(shape, quantity))
            }
            Operation::ConfirmOrder(id) => post(order(id) + "/confirm", json!({})),
            Operation::CancelOrder(id) => post(order(id) + "/cancel", json!({})),
            Operation::CreateSubscription {
                order,
                device,
                over,
                ..
            } => {
                let mut body = json!({
                    "orderId": self.orders.id(order.0),
                    "customerId": self.customer,
                    "assetSerialNumber": self.serial(device),
                });
                if over {
                    body["startDate"] = long_ago().into();
                }
                post("/v1/subscriptions".into(), body)
            }
            Operation::CancelSubscription(id) => {
                post(rental(id) + "/cancel", json!({ "reason": "other" }))
            }
            Operation::EndSubscription(id, Ending::EarlyReturn) => post(
                rental(id) + "/early-return",
                json!({ "returnCondition": "good", "reason": "done" }),
            ),
            Operation::EndSubscription(id, Ending::Buyout) => {
                let body = json!({ "reason": "customer_request", "buyoutPrice": 10 });
                post(rental(id) + "/buyout", body)
            }
            Operation::EndSubscription(id, Ending::Complete) => {
                post(rental(id) + "/complete", json!({}))
            }
            Operation::Upgrade {
                subscription,
                device,
                months,
            } => {
                let body = json!({
                    "newSku": sku_name(sku), "newSerialNumber": self.serial(device),
                    "contractLength": months, "newMonthlyAmount": 60, "reason": "newer",
                });
                post(rental(subscription) + "/upgrade", body)
            }
            Operation::Extend {
                subscription,
                months,
            } => {
                let body = json!({ "extensionMonths": months, "reason": "likes it" });
                post(rental(subscription) + "/extend", body)
            }
            Operation::UpdateAsset(id, to) => {
                let path = format!("/v1/assets/{}", self.serial(id));
                (Method::PUT, path, json!({ "status": device_status(to) }))
            }
            Operation::DeleteCustomer => (Method::DELETE, customer, Value::Null),
            Operation::SetStatus(status) => {
                let status = match status {
                    Status::Active => "active",
                    Status::Inactive => "inactive",
                };
                (Method::PUT, customer, json!({ "status": status }))
            }
            Operation::SetPhone(phone) => {
                (Method::PUT, customer, json!({ "phone": phone.to_string() }))
            }
            Operation::GetCustomer => (Method::GET, customer, Value::Null),
            Operation::CreateBillingGroup(_) | Operation::MarkPaymentPaid(_) | Operation::Audit => {
                panic!("{operation:?} is not asked over HTTP")
            }
        };
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        Request { method, path, body }
    }

    fn order(&self, shape: u32, quantity: u8) -> Value {
        json!({
            "customer": { "email": self.email(), "firstName": "Ada", "lastName": "Lovelace" },
            "billingAddress": {
                "contactName": "Ada", "streetAddress": "1", "city": "Berlin", "country": "DE"
            },
            "items": [{
                "sku": sku_name(sku(shape)), "quantity": quantity, "contractLength": months(shape)
            }]
        })
    }

    /// What an answer means; an error says what is wrong with it.
    pub fn answer(
        &mut self,
        operation: &Operation,
        status: u16,
        body: &Value,
    ) -> Result<Answer, String> {
        if let Some(code) = body["error"]["code"].as_str() {
            let known = Code::ALL.iter().find(|known| known.as_str() == code);
            let code = *known.ok_or("an unknown code")?;
            if code.status() != status || code == Code::InternalError {
                return Err("not as the contract has it".into());
            }
            return Ok(match body["error"]["details"].as_array() {
                Some(details) => {
                    let count = u32::try_from(details.len()).map_err(|error| error.to_string())?;
                    Answer::Blocked(code, count)
                }
                None => Answer::Refused(code),
            });
        }
        let text = |path: &str| {
            let text = body.pointer(path).and_then(Value::as_str);
            text.ok_or_else(|| format!("no `{path}`"))
        };
        let answer = match operation {
            Operation::CreateOrder { .. } => {
                let customer = text("/order/customer/customerId")?;
                match &self.customer {
                    Some(known) if known != customer => {
                        return Err(format!("a second customer beside `{known}`"));
                    }
                    Some(_) => {}
                    None => self.customer = Some(customer.to_owned()),
                }
                Answer::OrderPlaced(OrderId(self.orders.number(text("/orderId")?)))
            }
            Operation::CreateSubscription { .. } => {
                let number = self.subscriptions.number(text("/rentalId")?);
                Answer::SubscriptionStarted(SubscriptionId(number))
            }
            Operation::Upgrade { .. } => {
                let number = self.subscriptions.number(text("/newRentalId")?);
                Answer::Upgraded(SubscriptionId(number))
            }
            Operation::GetCustomer => Answer::Shown(profile(body).ok_or("an incomplete customer")?),
            _ => Answer::Done,
        };
        match answer.status() == status {
            true => Ok(answer),
            false => Err("an unexpected status".into()),
        }
    }
}

fn profile(body: &Value) -> Option<Profile> {
    let number = |value: &Value| u32::try_from(value.as_u64()?).ok();
    let length = |value: &Value| u32::try_from(value.as_array()?.len()).ok();
    let orders = number(&body["totalOrders"])?;
    // The counter and the rows, read at once.
    if length(&body["orderIds"])? != orders {
        return None;
    }
    Some(Profile {
        status: match body["status"].as_str()? {
            "active" => Status::Active,
            "inactive" => Status::Inactive,
            _ => return None,
        },
        phone: match body["phone"].as_str() {
            Some(phone) => phone.parse().ok()?,
            None => 0,
        },
        orders,
        subscriptions: length(&body["rentalIds"])?,
        active_subscriptions: number(&body["totalDevicesRented"])?,
    })
}

fn device_status(device: Device) -> &'static str {
    match device {
        Device::Available => "available",
        Device::RentedOut(_) => "rented_out",
        Device::Returned => "returned",
        Device::Unavailable => "unavailable",
        Device::Sold => "sold",
    }
}
