//! updateAsset.

use deletion_spec::{Answer, Code, Device, DeviceId};

use super::{Fault, Flow, Step, refused};
use crate::tables::{Rows, Tables};
use crate::transaction::{Access, Interrupt};

/// `to` is the status to be written; none if nothing but notes is.
pub fn update_asset(
    at: u8,
    tx: &mut Access<'_>,
    fault: Fault,
    id: DeviceId,
    to: Option<Device>,
) -> Step {
    match at {
        1 => {
            match fault {
                Fault::AssetBeforeHolder => tx.lock(Rows::device(id))?,
                _ => tx.read([Rows::device(id)]),
            }
            Ok(match is_held(tx.view(), id) {
                true => Flow::Next,
                false => Flow::Go(3),
            })
        }
        2 => {
            tx.lock_customer()?;
            Ok(Flow::Next)
        }
        3 => {
            tx.lock(Rows::device(id))?;
            let held = tx.transaction.locks.meets(Rows::CUSTOMER);
            if is_held(tx.view(), id) != held && fault != Fault::HolderSeenOnce {
                // To lock the holder now would be against the order of locks.
                return Err(Interrupt::Conflict);
            }
            Ok(Flow::Next)
        }
        4 => {
            let from = tx.view().device(id);
            if let Device::RentedOut(by) = from {
                tx.read([Rows::subscription(by)]);
            }
            let Some(to) = to else {
                return Ok(Flow::Next);
            };
            if from == to {
                return Ok(Flow::Commit(Answer::Done));
            }
            if let Device::RentedOut(by) = from
                && tx.view().is_active(by)
            {
                return Ok(refused(Code::AssetInUse));
            }
            Ok(match is_possible(from, to) {
                true => Flow::Next,
                false => refused(Code::InvalidStatus),
            })
        }
        5 => {
            // As statements: whether the device counts as out is looked up before and after.
            let before = is_out(tx.view(), id);
            tx.write(Rows::device(id), |view| match to {
                Some(to) => view.put(id, to),
                None => view.devices[id.0 as usize].noted = true,
            })?;
            if let Device::RentedOut(by) = tx.view().device(id) {
                tx.read([Rows::subscription(by)]);
            }
            let change = i8::from(is_out(tx.view(), id)) - i8::from(before);
            if change != 0 {
                tx.adjust(0, 0, change)?;
            }
            Ok(Flow::Next)
        }
        _ => Ok(Flow::Commit(Answer::Done)),
    }
}

/// Whether the customer has the device. What is sold has been bought out.
fn is_held(view: &Tables, id: DeviceId) -> bool {
    match view.device(id) {
        Device::RentedOut(_) | Device::Sold => true,
        Device::Available | Device::Returned | Device::Unavailable => false,
    }
}

/// Whether the device has not been returned although its subscription has ended.
fn is_out(view: &Tables, id: DeviceId) -> bool {
    matches!(view.device(id), Device::RentedOut(by) if !view.is_active(by))
}

fn is_possible(from: Device, to: Device) -> bool {
    match from {
        Device::RentedOut(_) => true,
        Device::Returned => to != Device::Returned,
        Device::Unavailable => matches!(to, Device::Available | Device::Returned),
        Device::Available => matches!(to, Device::Unavailable | Device::Sold),
        Device::Sold => false,
    }
}
