//! updateVariantStatus to `inactive`, which looks across customers.

use deletion_spec::{Answer, Code};

use super::{Flow, Step, orders, refused};
use crate::tables::Rows;
use crate::transaction::Access;

pub fn retire_variant(at: u8, tx: &mut Access<'_>) -> Step {
    match at {
        1 => {
            tx.read([Rows::VARIANT]);
            Ok(match tx.view().offered {
                true => Flow::Next,
                false => Flow::Commit(Answer::Done),
            })
        }
        2 => {
            tx.read(orders(tx));
            let mut orders = tx.view().orders.iter().flatten();
            Ok(match orders.any(|order| order.status.is_open()) {
                true => refused(Code::VariantInUse),
                false => Flow::Next,
            })
        }
        3 => {
            tx.write(Rows::VARIANT, |view| view.offered = false)?;
            Ok(Flow::Next)
        }
        _ => Ok(Flow::Commit(Answer::Done)),
    }
}
