//! Taxes, and when payments fall due.

use serde::{Deserialize, Serialize};

use crate::rules::money::Percent;

/// `taxes`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Taxes {
    /// Whether tax is charged at all.
    pub enabled: bool,
    /// Of the tenant.
    pub vat_number: Option<String>,
    /// Percent, 0–100.
    pub default_rate: f64,
    /// Whether prices include it.
    pub calculation: TaxCalculation,
}

/// Whether prices include tax.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaxCalculation {
    /// Tax is added to the price.
    #[default]
    Exclusive,
    /// The price contains it.
    Inclusive,
}

/// A price split into net, tax and gross, in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taxed {
    /// Net.
    pub subtotal: i64,
    /// Tax.
    pub tax: i64,
    /// Gross.
    pub total: i64,
}

impl Taxes {
    /// The rate charged, in percent; 0 when tax is off.
    pub fn rate(&self) -> Percent {
        if self.enabled {
            Percent::from_number(self.default_rate)
        } else {
            Percent::default()
        }
    }

    /// Splits a price.
    pub fn split(&self, price: i64) -> Taxed {
        match self.calculation {
            TaxCalculation::Exclusive => {
                let tax = self.rate().of(price);
                Taxed {
                    subtotal: price,
                    tax,
                    total: price.saturating_add(tax),
                }
            }
            TaxCalculation::Inclusive => {
                let subtotal = self.rate().without(price);
                Taxed {
                    subtotal,
                    tax: price - subtotal,
                    total: price,
                }
            }
        }
    }
}

/// `billing`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Billing {
    /// When the first payment falls due.
    pub start: BillingStart,
    /// How the others follow.
    pub cycle: BillingCycle,
    /// Day of the month of the fixed cycle, 1–28.
    pub day_of_month: i8,
    /// What happens until the first day of a fixed cycle, and who collects the first payment.
    pub first_payment: FirstPayment,
    /// Days that business customers have.
    pub payment_terms: PaymentTerms,
}

impl Default for Billing {
    fn default() -> Self {
        Billing {
            start: BillingStart::Immediate,
            cycle: BillingCycle::SubscriptionStart,
            day_of_month: 1,
            first_payment: FirstPayment::FullMonth,
            payment_terms: PaymentTerms::DueImmediately,
        }
    }
}

/// `billing.start`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BillingStart {
    /// On the start date.
    Immediate,
    /// On the first day of the month after it.
    FirstOfNextMonth,
    /// A month after it.
    SameDayNextMonth,
}

/// `billing.cycle`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BillingCycle {
    /// Monthly on the day of the first payment.
    SubscriptionStart,
    /// Monthly on a day of the month.
    FixedDay,
    /// Every 30 days.
    #[serde(rename = "every_30_days")]
    Every30Days,
}

/// `billing.firstPayment`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FirstPayment {
    /// A whole month on the start date.
    FullMonth,
    /// A part of a month on the start date, the rest after the last month.
    Prorated,
    /// Nothing until the cycle begins.
    FreeUntilCycle,
    /// Somebody else collects it: it is paid from the beginning.
    CollectedExternally,
}

/// `billing.paymentTerms`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum PaymentTerms {
    DueImmediately,
    #[serde(rename = "net_7")]
    Net7,
    #[serde(rename = "net_14")]
    Net14,
    #[serde(rename = "net_30")]
    Net30,
}

impl PaymentTerms {
    /// Days between the billing date and the due date.
    pub fn days(self) -> i64 {
        match self {
            PaymentTerms::DueImmediately => 0,
            PaymentTerms::Net7 => 7,
            PaymentTerms::Net14 => 14,
            PaymentTerms::Net30 => 30,
        }
    }
}
