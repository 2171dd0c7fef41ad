//! Buyout, early return, and the end of a contract.

use serde::{Deserialize, Serialize};

/// `buyout`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Buyout {
    /// Whether it is offered.
    pub enabled: bool,
    /// Formula.
    pub method: BuyoutMethod,
    /// Amount of `flat_fee`, in major units.
    pub flat_fee: f64,
    /// Percent of the list price, 0–100.
    pub rrp_percent: f64,
    /// Whether a caller may name another price.
    pub allow_manual_override: bool,
    /// Whether an unknown list price is estimated from the contract.
    pub allow_rrp_estimation: bool,
}

impl Default for Buyout {
    fn default() -> Self {
        Buyout {
            enabled: true,
            method: BuyoutMethod::RemainingMonths,
            flat_fee: 0.0,
            rrp_percent: 0.0,
            allow_manual_override: true,
            allow_rrp_estimation: false,
        }
    }
}

/// `buyout.method`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it; formulas in `quotes`")]
pub enum BuyoutMethod {
    FlatFee,
    RemainingMonths,
    RrpPercentage,
    RemainingMonthsPlusRrp,
}

/// `earlyReturn`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct EarlyReturn {
    /// Whether it is offered.
    pub enabled: bool,
    /// Formula.
    pub method: EarlyReturnMethod,
    /// Percent of the remaining months, 0–100.
    pub penalty_percent: f64,
    /// Amount of `flat_fee`, in major units.
    pub flat_fee: f64,
    /// Days from the start in which it is free.
    pub grace_period_days: i64,
    /// Whether a caller may name another fee.
    pub allow_manual_override: bool,
}

impl Default for EarlyReturn {
    fn default() -> Self {
        EarlyReturn {
            enabled: true,
            method: EarlyReturnMethod::RemainingMonths,
            penalty_percent: 100.0,
            flat_fee: 0.0,
            grace_period_days: 0,
            allow_manual_override: true,
        }
    }
}

/// `earlyReturn.method`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it; formulas in `quotes`")]
pub enum EarlyReturnMethod {
    RemainingMonths,
    FlatFee,
    NoFee,
}

/// `contractEnd`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ContractEnd {
    /// What happens once the end date has passed.
    pub behaviour: ContractEndBehaviour,
}

/// `contractEnd.behaviour`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum ContractEndBehaviour {
    #[default]
    RequireAction,
    AutoTerminate,
    AutoRenewMonthly,
    AutoRenewSameTerm,
}

/// `fees`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Fees {
    /// Whether a month that has begun counts as rented.
    pub partial_month_rounding: Rounding,
    /// Whether the month in progress counts as remaining.
    pub charge_current_month: bool,
}

/// `fees.partialMonthRounding`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Rounding {
    #[default]
    Up,
    Down,
}
