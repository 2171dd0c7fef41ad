//! What is asked, and what it has to answer: the specification of a customer's life, and the
//! little that the customer shares with others.

use deletion_spec::{Answer, Code, Customer, DeviceId, Operation, OrderId, apply};

use crate::tables::{DEVICES, Tables};

/// Something to be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Request {
    /// Of the specification.
    Of(Operation),
    /// updateAsset with nothing but `notes`: whoever has the device.
    NoteAsset(DeviceId),
    /// updateVariantStatus to `inactive`. A change of the catalogue looks at the orders of every
    /// customer without a lock of any of them.
    RetireVariant,
}

impl Request {
    pub fn is_read(self) -> bool {
        matches!(self, Request::Of(Operation::GetCustomer | Operation::Audit))
    }
}

/// What the rows mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct World {
    pub customer: Customer,
    offered: bool,
    noted: [bool; DEVICES],
}

impl World {
    pub fn of(tables: &Tables) -> World {
        World {
            customer: tables.meaning(),
            offered: tables.offered,
            noted: tables.devices.map(|device| device.noted),
        }
    }

    /// Whether every order that can still become a subscription is for something on offer.
    pub fn offers_what_is_ordered(&self) -> bool {
        self.offered || self.customer.open_orders() == 0
    }

    /// As [`apply`].
    pub fn apply(&mut self, request: Request, fresh: u32) -> Answer {
        match request {
            Request::Of(operation) => {
                let mut next = self.customer.clone();
                let answer = apply(&mut next, &operation, fresh);
                // A repeat is answered with the order that is there, on offer or not.
                if answer == Answer::OrderPlaced(OrderId(fresh)) && !self.offered {
                    return Answer::Refused(Code::VariantInactive);
                }
                self.customer = next;
                answer
            }
            Request::NoteAsset(id) => {
                self.noted[id.0 as usize] = true;
                Answer::Done
            }
            Request::RetireVariant if self.offered && self.customer.open_orders() > 0 => {
                Answer::Refused(Code::VariantInUse)
            }
            Request::RetireVariant => {
                self.offered = false;
                Answer::Done
            }
        }
    }
}
