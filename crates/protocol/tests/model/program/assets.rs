//! updateAsset.

use protocol::{Answer, Code, Device, DeviceId};

use super::{Flow, Step, refused};
use crate::tables::Rows;
use crate::transaction::Access;

pub fn update_asset(at: u8, tx: &mut Access<'_>, id: DeviceId, to: Device) -> Step {
    match at {
        1 => {
            tx.read([Rows::device(id)]);
            // Only a device with a holder has somebody to be locked.
            Ok(match tx.view().device(id) {
                Device::RentedOut(_) | Device::Sold => Flow::Next,
                Device::Available | Device::Returned | Device::Unavailable => Flow::Go(4),
            })
        }
        2 => {
            tx.lock_customer()?;
            Ok(Flow::Next)
        }
        3 => {
            tx.read([Rows::device(id)]);
            Ok(Flow::Next)
        }
        4 => {
            let from = tx.view().device(id);
            if from == to {
                return Ok(Flow::Commit(Answer::Done));
            }
            if let Device::RentedOut(by) = from {
                tx.read([Rows::subscription(by)]);
                if tx.view().is_active(by) {
                    return Ok(refused(Code::AssetInUse));
                }
            }
            let possible = match from {
                Device::RentedOut(_) => true,
                Device::Returned => to != Device::Returned,
                Device::Unavailable => matches!(to, Device::Available | Device::Returned),
                Device::Available => matches!(to, Device::Unavailable | Device::Sold),
                Device::Sold => false,
            };
            Ok(match possible {
                true => Flow::Next,
                false => refused(Code::InvalidStatus),
            })
        }
        5 => {
            let was_out = matches!(tx.view().device(id), Device::RentedOut(_));
            tx.write(Rows::device(id), |view| view.devices[id.0 as usize] = to)?;
            if was_out {
                tx.adjust(0, 0, -1)?;
            }
            Ok(Flow::Next)
        }
        _ => Ok(Flow::Commit(Answer::Done)),
    }
}
