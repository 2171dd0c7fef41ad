//! What a rule has in its hands: the transaction, the tenant, who calls, and what time it is.

use std::sync::{Arc, LazyLock};

use api::Operation;
use api::support::{Conditions, Quota};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use store::Tx;

use types::ErrorCode;
use types::support::DateTime;

use crate::error::{Error, refuse_value};
use crate::face::running::{Place, Turn};
use crate::id::Ids;
use crate::rules::calendar;
use crate::rules::money::Currency;
use crate::rules::settings::Settings;

/// A tenant, as far as rules ask.
#[derive(Debug, Clone)]
pub struct Tenant {
    /// Value of the `Tenant-ID` header.
    pub id: Arc<str>,
    /// Currency of all amounts.
    pub currency: Currency,
    /// Zone that decides what day it is.
    pub zone: TimeZone,
    /// Settings.
    pub settings: Settings,
}

/// Who calls. Only `authenticate` makes one.
#[derive(Debug, Clone)]
pub struct Context {
    pub(crate) tenant: Arc<Tenant>,
    pub(crate) key_id: Arc<str>,
    pub(crate) key_name: Arc<str>,
    /// The request counts among those under way for as long as this is there. `None` for what no request asked
    /// for.
    pub(crate) under_way: Option<Arc<UnderWay>>,
    /// What the request asks for beside its operation.
    pub(crate) conditions: Option<Asked>,
    /// What is left to the tenant, if its plan limits its requests.
    pub(crate) quota: Option<Quota>,
}

impl Context {
    /// The organisation calls, which is no tenant.
    pub(crate) fn organisation() -> Context {
        static NOBODY: LazyLock<Arc<Tenant>> = LazyLock::new(|| {
            Arc::new(Tenant {
                id: "".into(),
                currency: Currency::new("EUR").expect("a currency"),
                zone: TimeZone::UTC,
                settings: Settings::default(),
            })
        });
        Context {
            tenant: Arc::clone(&NOBODY),
            key_id: "organisation".into(),
            key_name: "organisation".into(),
            under_way: None,
            conditions: None,
            quota: None,
        }
    }
}

/// What a request asks for beside its operation.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) operation: Operation,
    pub(crate) conditions: Conditions,
    /// Of an operation of several transactions, which of them.
    pub(crate) part: Option<usize>,
}

/// What a request holds until everything that works on it has ended.
#[derive(Debug)]
pub struct UnderWay {
    pub(crate) place: Place,
    /// Of one that takes long.
    pub(crate) _turn: Option<Turn>,
}

/// One run of a rule within one transaction.
pub struct Call<'a, 'tx> {
    /// The transaction: everything the rule reads and writes.
    pub tx: &'a mut Tx<'tx>,
    /// The tenant.
    pub tenant: &'a Tenant,
    /// Id of the API key, recorded as the actor.
    pub key_id: &'a str,
    /// Name of the API key.
    pub key_name: &'a str,
    /// When the rule runs; the same throughout.
    pub now: Timestamp,
    /// The caller says by a key whether the request is a repeat.
    pub keyed: bool,
    pub(crate) ids: &'a Ids,
}

impl Call<'_, '_> {
    /// Today in the tenant's time zone.
    pub fn today(&self) -> Date {
        calendar::date_in(&self.tenant.zone, self.now)
    }

    /// A new id of a kind whose ids carry the tenant's prefix (`cust_`, `ord_`, `sub_`).
    pub fn new_id(&self, kind: &str) -> String {
        let prefix = self
            .tenant
            .settings
            .general
            .id_prefix
            .as_deref()
            .unwrap_or_default();
        self.ids.next(kind, prefix, self.now)
    }

    /// A new id of any other kind (`prod_`, `var_`, `pay_`, `evt_`).
    pub fn new_plain_id(&self, kind: &str) -> String {
        self.ids.next(kind, "", self.now)
    }

    /// Minor units of an amount from outside.
    ///
    /// # Errors
    /// `INVALID_PRICING` for `path` when the tenant's currency cannot carry it.
    pub fn minor(&self, path: &str, major: f64) -> Result<i64, Error> {
        self.tenant
            .currency
            .minor(major)
            .map_err(|why| refuse_value(ErrorCode::InvalidPricing, path, why.to_string()))
    }

    /// An amount as the wire carries it.
    pub fn major(&self, minor: i64) -> f64 {
        self.tenant.currency.major(minor)
    }
}

/// A stored instant as the wire carries it: in milliseconds, so that it is written with three decimals,
/// instants sort as text, and clients with strict parsers read every one. Finer ones are cut off.
pub fn instant(at: Timestamp) -> DateTime {
    let millis = at.as_millisecond();
    // Before 1970 that is rounded up.
    let cut = [millis, millis - 1].map(Timestamp::from_millisecond);
    let cut = cut.into_iter().flatten().find(|cut| *cut <= at);
    // Rounding down leaves the calendar only at its very beginning.
    cut.unwrap_or(at).into()
}

#[cfg(test)]
mod tests {
    use super::instant;

    #[test]
    fn instants_have_three_decimals_and_sort_as_text() {
        let texts = [
            ("1969-12-31T23:59:59.9999Z", "1969-12-31T23:59:59.999Z"),
            ("2026-03-10T09:00:00Z", "2026-03-10T09:00:00.000Z"),
            ("2026-03-10T09:00:00.000001Z", "2026-03-10T09:00:00.000Z"),
            ("2026-03-10T09:00:00.1Z", "2026-03-10T09:00:00.100Z"),
            ("2026-03-10T09:00:00.123999999Z", "2026-03-10T09:00:00.123Z"),
            ("2026-03-10T11:00:00.5+01:00", "2026-03-10T10:00:00.500Z"),
        ];
        for (given, expected) in texts {
            assert_eq!(instant(given.parse().unwrap()).to_string(), expected);
        }
        assert!(texts.is_sorted_by_key(|(_, expected)| expected));
    }
}
