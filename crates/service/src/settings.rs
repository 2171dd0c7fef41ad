//! A tenant's settings: what the rules may ask, with the default of every key. Stored as one JSON
//! object per tenant; absent keys have their default, so old rows read as if they had the new key.

use serde::{Deserialize, Serialize};

use crate::money::Percent;

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
    /// Asset rules.
    pub assets: Assets,
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
}

impl Default for Localization {
    fn default() -> Self {
        Localization { timezone: "UTC".into() }
    }
}

/// `taxes`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Taxes {
    /// Whether tax is charged at all.
    pub enabled: bool,
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
        if self.enabled { Percent::from_number(self.default_rate) } else { Percent::default() }
    }

    /// Splits a price.
    pub fn split(&self, price: i64) -> Taxed {
        match self.calculation {
            TaxCalculation::Exclusive => {
                let tax = self.rate().of(price);
                Taxed { subtotal: price, tax, total: price.saturating_add(tax) }
            }
            TaxCalculation::Inclusive => {
                let subtotal = self.rate().without(price);
                Taxed { subtotal, tax: price - subtotal, total: price }
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
        Orders { require_confirmation: true, min_quantity: Some(1), max_quantity: None }
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

/// `pricing`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Pricing {
    /// Contract lengths on offer.
    pub contract_lengths: Vec<ContractLength>,
}

impl Default for Pricing {
    fn default() -> Self {
        Pricing { contract_lengths: Pricing::lengths(12) }
    }
}

impl Pricing {
    fn lengths(default: i64) -> Vec<ContractLength> {
        [6, 12, 24, 36].map(|months| ContractLength { months, default: months == default }).to_vec()
    }

    /// The length that an order item without one gets, where the variant has it.
    pub fn default_length(&self) -> Option<i64> {
        self.contract_lengths.iter().find(|length| length.default).map(|length| length.months)
    }
}

/// A contract length on offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ContractLength {
    /// Months, 1–120.
    pub months: i64,
    /// Whether it is the default.
    #[serde(default)]
    pub default: bool,
}

/// A field of the tenant's own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CustomField {
    /// Key in `customFields`.
    pub id: String,
    /// Name for people.
    #[serde(default)]
    pub label: String,
    /// Kind of value.
    #[serde(rename = "type")]
    pub kind: CustomFieldType,
    /// Whether an order must have it.
    #[serde(default)]
    pub required: bool,
    /// Where it belongs.
    pub section: CustomFieldSection,
    /// Values of a `select`.
    #[serde(default)]
    pub options: Vec<String>,
    /// Shortest text.
    #[serde(default)]
    pub min_length: Option<u64>,
    /// Longest text.
    #[serde(default)]
    pub max_length: Option<u64>,
    /// Only length of the text.
    #[serde(default)]
    pub exact_length: Option<u64>,
    /// Regular expression the text must match.
    #[serde(default)]
    pub pattern: Option<String>,
}

/// `customFields[].type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum CustomFieldType {
    Text,
    Email,
    Phone,
    Number,
    Textarea,
    Select,
}

/// `customFields[].section`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum CustomFieldSection {
    Customer,
    Order,
    Subscription,
}

/// `addresses`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Addresses {
    /// By the name of the field in an address.
    pub fields: std::collections::BTreeMap<String, AddressField>,
}

/// How a part of an address is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct AddressField {
    /// Whether an address must have it.
    pub required: bool,
}

/// `assets`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Assets {
    /// Categories, in any letter case, whose serial numbers are IMEIs.
    pub imei_categories: Vec<String>,
}

impl Default for Assets {
    fn default() -> Self {
        let names = ["phone", "phones", "smartphone", "smartphones"];
        Assets { imei_categories: names.map(str::to_owned).to_vec() }
    }
}

impl Settings {
    /// Names of the industry presets.
    pub const PRESETS: [&'static str; 6] =
        ["electronics", "furniture", "mobility", "baby_kids", "appliances", "medical"];

    /// The settings a tenant of an industry starts with; `None` for an unknown name.
    pub fn preset(name: &str) -> Option<Settings> {
        use BuyoutMethod::{FlatFee, RemainingMonths, RemainingMonthsPlusRrp};
        let (prefix, months, method, flat_fee, rrp_percent) = match name {
            "electronics" => ("ELE", 24, RemainingMonthsPlusRrp, 0.0, 50.0),
            "furniture" => ("FUR", 12, FlatFee, 500.0, 0.0),
            "mobility" => ("MOB", 12, RemainingMonthsPlusRrp, 0.0, 40.0),
            "baby_kids" => ("BAB", 6, RemainingMonths, 0.0, 0.0),
            "appliances" => ("APP", 12, RemainingMonthsPlusRrp, 0.0, 45.0),
            "medical" => ("MED", 6, FlatFee, 500.0, 0.0),
            _ => return None,
        };
        let mut settings = Settings::default();
        settings.general.id_prefix = Some(prefix.into());
        settings.pricing.contract_lengths = Pricing::lengths(months);
        settings.buyout = Buyout { method, flat_fee, rrp_percent, ..Buyout::default() };
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
        let mut taxes = Taxes { enabled: true, default_rate: 19.0, ..Taxes::default() };
        assert_eq!(taxes.split(10_000), Taxed { subtotal: 10_000, tax: 1_900, total: 11_900 });
        taxes.calculation = TaxCalculation::Inclusive;
        assert_eq!(taxes.split(11_900), Taxed { subtotal: 10_000, tax: 1_900, total: 11_900 });
        taxes.enabled = false;
        assert_eq!(taxes.split(11_900), Taxed { subtotal: 11_900, tax: 0, total: 11_900 });
    }
}
