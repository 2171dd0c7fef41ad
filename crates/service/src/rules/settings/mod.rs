//! A tenant's settings: what the rules may ask, with the default of every key. Stored as one JSON
//! object per tenant; absent keys have their default, so old rows read as if they had the new key.

use serde::{Deserialize, Serialize};

mod billing;
mod change;
mod fields;
mod lifecycle;
mod words;

pub use billing::*;
pub use fields::*;
pub use lifecycle::*;
pub use words::*;

pub(crate) use change::{get, update};

/// All settings the rules of this crate act on.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Settings {
    /// Names and prefixes.
    pub general: General,
    /// Time zone.
    pub localization: Localization,
    /// Value added tax.
    pub taxes: Taxes,
    /// When payments fall due.
    pub billing: Billing,
    /// Order rules.
    pub orders: Orders,
    /// Extension rules.
    pub extensions: Extensions,
    /// Whether upgrades are offered.
    pub upgrades: Feature,
    /// Buyout rules.
    pub buyout: Buyout,
    /// Early return rules.
    pub early_return: EarlyReturn,
    /// What happens when a contract ends.
    pub contract_end: ContractEnd,
    /// How months are counted.
    pub fees: Fees,
    /// Contract lengths on offer.
    pub pricing: Pricing,
    /// Fields of the tenant's own.
    pub custom_fields: Vec<CustomField>,
    /// Which parts of an address are asked for.
    pub addresses: Addresses,
    /// What generated contracts say.
    pub contracts: Contracts,
    /// Asset rules.
    pub assets: Assets,
    /// Words of the catalogue.
    pub catalog: Catalog,
}

/// `general`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct General {
    /// Name on documents.
    pub display_name: Option<String>,
    /// 1–5 letters or digits after the type prefix of new ids.
    pub id_prefix: Option<String>,
}

/// `localization`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Localization {
    /// IANA time zone that decides what day it is.
    pub timezone: String,
    /// How contracts write dates.
    pub date_format: DateFormat,
}

impl Default for Localization {
    fn default() -> Self {
        Localization {
            timezone: "UTC".into(),
            date_format: DateFormat::default(),
        }
    }
}

/// `localization.dateFormat`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names on the wire say it")]
pub enum DateFormat {
    #[serde(rename = "DD/MM/YYYY")]
    DayMonthSlash,
    #[serde(rename = "MM/DD/YYYY")]
    MonthDaySlash,
    #[default]
    #[serde(rename = "YYYY-MM-DD")]
    Iso,
    #[serde(rename = "DD-MM-YYYY")]
    DayMonthDash,
    #[serde(rename = "DD.MM.YYYY")]
    DayMonthDot,
}

impl DateFormat {
    /// A day as it is written.
    pub fn write(self, day: jiff::civil::Date) -> String {
        let (year, month, date) = (day.year(), day.month(), day.day());
        match self {
            DateFormat::DayMonthSlash => format!("{date:02}/{month:02}/{year:04}"),
            DateFormat::MonthDaySlash => format!("{month:02}/{date:02}/{year:04}"),
            DateFormat::Iso => day.to_string(),
            DateFormat::DayMonthDash => format!("{date:02}-{month:02}-{year:04}"),
            DateFormat::DayMonthDot => format!("{date:02}.{month:02}.{year:04}"),
        }
    }
}

/// `orders`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Orders {
    /// Whether an order must be confirmed before subscriptions are made from it.
    pub require_confirmation: bool,
    /// Smallest quantity of an item.
    pub min_quantity: Option<u64>,
    /// Largest quantity of an item.
    pub max_quantity: Option<u64>,
}

impl Default for Orders {
    fn default() -> Self {
        Orders {
            require_confirmation: true,
            min_quantity: Some(1),
            max_quantity: None,
        }
    }
}

/// `extensions`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Extensions {
    /// Months on offer; empty: any.
    pub options: Vec<i64>,
    /// Extensions a subscription may have.
    pub max_per_subscription: Option<u64>,
    /// Days before the end within which an extension is possible.
    pub window_days: Option<i64>,
    /// Whether an extension is also recorded as a fulfilled order.
    pub create_order: bool,
}

/// A feature that can be switched off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Feature {
    /// Whether it is on.
    pub enabled: bool,
}

impl Default for Feature {
    fn default() -> Self {
        Feature { enabled: true }
    }
}

/// `pricing`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Pricing {
    /// Contract lengths on offer.
    pub contract_lengths: Vec<ContractLength>,
    /// Share of the value that a contract is to recover, 10–100 percent.
    pub value_recovery_percent: f64,
    /// Percent, 0–100.
    pub profit_margin: f64,
    /// How suggested prices are rounded.
    pub rounding: PriceRounding,
}

impl Default for Pricing {
    fn default() -> Self {
        Pricing {
            contract_lengths: Pricing::lengths(12),
            value_recovery_percent: 60.0,
            profit_margin: 25.0,
            rounding: PriceRounding::default(),
        }
    }
}

/// `pricing.rounding`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct PriceRounding {
    /// Whether prices are rounded.
    pub enabled: bool,
    /// Which way.
    pub mode: PriceRoundingMode,
    /// To a multiple of 1, 5, 10 or 100.
    pub to: i32,
}

impl Default for PriceRounding {
    fn default() -> Self {
        PriceRounding {
            enabled: false,
            mode: PriceRoundingMode::Nearest,
            to: 1,
        }
    }
}

/// `pricing.rounding.mode`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum PriceRoundingMode {
    Nearest,
    Up,
    Down,
}

impl Pricing {
    fn lengths(default: i64) -> Vec<ContractLength> {
        [6, 12, 24, 36]
            .map(|months| ContractLength {
                months,
                adjustment_percent: 0.0,
                default: months == default,
            })
            .to_vec()
    }

    /// The length that an order item without one gets, where the variant has it.
    pub fn default_length(&self) -> Option<i64> {
        self.contract_lengths
            .iter()
            .find(|length| length.default)
            .map(|length| length.months)
    }
}

/// A contract length on offer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ContractLength {
    /// Months, 1–120.
    pub months: i64,
    /// Change of the price in percent, −50–100.
    #[serde(default)]
    pub adjustment_percent: f64,
    /// Whether it is the default.
    #[serde(default)]
    pub default: bool,
}

impl Settings {
    /// Names of the industry presets.
    pub const PRESETS: [&'static str; 6] = [
        "electronics",
        "furniture",
        "mobility",
        "baby_kids",
        "appliances",
        "medical",
    ];

    /// The settings a tenant of an industry starts with; `None` for an unknown name.
    pub fn preset(name: &str) -> Option<Settings> {
        use BuyoutMethod::{FlatFee, RemainingMonths, RemainingMonthsPlusRrp};
        let (prefix, months, [recovery, margin], method, flat_fee, rrp_percent) = match name {
            "electronics" => ("ELE", 24, [80.0, 20.0], RemainingMonthsPlusRrp, 0.0, 50.0),
            "furniture" => ("FUR", 12, [60.0, 28.0], FlatFee, 500.0, 0.0),
            "mobility" => ("MOB", 12, [70.0, 25.0], RemainingMonthsPlusRrp, 0.0, 40.0),
            "baby_kids" => ("BAB", 6, [50.0, 32.0], RemainingMonths, 0.0, 0.0),
            "appliances" => ("APP", 12, [65.0, 26.0], RemainingMonthsPlusRrp, 0.0, 45.0),
            "medical" => ("MED", 6, [85.0, 28.0], FlatFee, 500.0, 0.0),
            _ => return None,
        };
        let mut settings = Settings::default();
        settings.general.id_prefix = Some(prefix.into());
        settings.pricing = Pricing {
            contract_lengths: Pricing::lengths(months),
            value_recovery_percent: recovery,
            profit_margin: margin,
            ..Pricing::default()
        };
        settings.buyout = Buyout {
            method,
            flat_fee,
            rrp_percent,
            ..Buyout::default()
        };
        if name == "medical" {
            settings.early_return.method = EarlyReturnMethod::NoFee;
        }
        Some(settings)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_keys_have_their_defaults_and_settings_survive_storage() {
        let empty: Settings = serde_json::from_str("{}").unwrap();
        assert_eq!(empty, Settings::default());
        for name in Settings::PRESETS {
            let preset = Settings::preset(name).unwrap();
            let text = serde_json::to_string(&preset).unwrap();
            assert_eq!(serde_json::from_str::<Settings>(&text).unwrap(), preset);
        }
        assert!(Settings::preset("gaming").is_none());
    }

    #[test]
    fn tax_is_added_to_exclusive_prices_and_contained_in_inclusive_ones() {
        let mut taxes = Taxes {
            enabled: true,
            default_rate: 19.0,
            ..Taxes::default()
        };
        assert_eq!(
            taxes.split(10_000),
            Taxed {
                subtotal: 10_000,
                tax: 1_900,
                total: 11_900
            }
        );
        taxes.calculation = TaxCalculation::Inclusive;
        assert_eq!(
            taxes.split(11_900),
            Taxed {
                subtotal: 10_000,
                tax: 1_900,
                total: 11_900
            }
        );
        taxes.enabled = false;
        assert_eq!(
            taxes.split(11_900),
            Taxed {
                subtotal: 11_900,
                tax: 0,
                total: 11_900
            }
        );
    }
}
