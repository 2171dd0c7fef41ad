//! What a contract says, as a document.

use documents::{
    Align, Block, Column, Document, Fact, Footer, Party, Section, Signature, Table, Total,
};
use jiff::tz::TimeZone;
use types::support::DateTime;
use types::{Address, Order};

use crate::call::Tenant;
use crate::rules::calendar::date_in;
use crate::rules::money::Currency;
use crate::rules::settings::{ContractTemplate, DateFormat};

/// Kinds of contracts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Order,
    Extension,
    Upgrade,
}

/// What the tenant says, and how.
pub(super) struct Words {
    kind: Kind,
    lessor: String,
    vat_number: Option<String>,
    template: ContractTemplate,
    dates: DateFormat,
    zone: TimeZone,
    currency: Currency,
}

impl Words {
    /// The words of a tenant, `name` unless its settings have another one.
    pub(super) fn of(tenant: &Tenant, kind: Kind, name: String) -> Words {
        let settings = &tenant.settings;
        let templates = &settings.contracts.templates;
        let own = match kind {
            Kind::Order => &templates.order,
            Kind::Extension => &templates.extension,
            Kind::Upgrade => &templates.upgrade,
        };
        Words {
            kind,
            lessor: settings.general.display_name.clone().unwrap_or(name),
            vat_number: settings.taxes.vat_number.clone(),
            template: own.clone().unwrap_or_else(|| built_in(kind)),
            dates: settings.localization.date_format,
            zone: tenant.zone.clone(),
            currency: tenant.currency,
        }
    }

    /// A day of the contract's API, as the tenant writes days.
    fn day(&self, text: &str) -> String {
        let day: Option<jiff::civil::Date> = text.get(..10).and_then(|day| day.parse().ok());
        day.map_or_else(|| text.to_owned(), |day| self.dates.write(day))
    }

    /// The day of a moment.
    fn day_of(&self, at: DateTime) -> String {
        self.dates.write(date_in(&self.zone, *at))
    }

    fn money(&self, major: f64) -> String {
        let minor = self.currency.minor(major);
        minor.map_or_else(|_| major.to_string(), |minor| self.currency.text(minor))
    }

    /// So many times an amount.
    fn sum(&self, major: f64, times: u64) -> String {
        let times = i64::try_from(times).unwrap_or(i64::MAX);
        let minor = self.currency.minor(major);
        minor.map_or_else(
            |_| String::new(),
            |minor| self.currency.text(minor.saturating_mul(times)),
        )
    }

    fn price(&self, major: f64) -> String {
        format!("{} {}", self.money(major), self.currency.code())
    }
}

fn built_in(kind: Kind) -> ContractTemplate {
    let (title, first) = match kind {
        Kind::Order => (
            "Rental contract",
            "The devices above are rented for the months stated with each, from the day on which \
             each is handed out.",
        ),
        Kind::Extension => (
            "Extension of a rental contract",
            "The contract named above goes on for the months stated. Everything else that was agreed stays as it is.",
        ),
        Kind::Upgrade => (
            "Upgrade of a rental contract",
            "The device named above is exchanged for the one in the table, under a new contract for the months \
             stated. The contract of the former device ends on the day of the exchange; it is to be returned.",
        ),
    };
    let rest = "Monthly amounts are due in advance, each for the month that begins. Setup fees are due with the \
                first of them.\n\nThe devices remain the property of the lessor. The lessee keeps them in good \
                order, tells of loss and damage without delay, and returns them when the contract has ended.";
    ContractTemplate {
        title: title.into(),
        terms: format!("{first}\n\n{rest}"),
    }
}

/// The contract of an order.
pub(super) fn document(order: &Order, words: &Words) -> Document {
    let mut letterhead = vec![words.lessor.clone()];
    letterhead.extend(
        words
            .vat_number
            .iter()
            .map(|number| format!("VAT ID {number}")),
    );
    let mut lessor = vec![words.lessor.clone()];
    lessor.extend(words.vat_number.clone());
    Document {
        title: words.template.title.clone(),
        subtitle: format!(
            "Order {} of {}",
            order.order_id,
            words.day_of(order.created_at)
        ),
        language: "en".into(),
        created: Some(order.created_at.into()),
        letterhead,
        blocks: vec![
            Block::Parties(vec![
                party("Lessor", lessor),
                party("Lessee", lessee(order)),
                party("Delivered to", address(&order.shipping_address)),
            ]),
            Block::Facts(facts(order, words)),
            Block::Table(items(order, words)),
            Block::Section(Section {
                heading: "Terms".into(),
                paragraphs: paragraphs(&words.template.terms),
            }),
            Block::Signatures(vec![
                signature("For the lessor"),
                signature("For the lessee"),
            ]),
        ],
        footer: Footer {
            text: format!("{} · {}", words.lessor, order.order_id),
            ..Footer::default()
        },
    }
}

fn party(role: &str, lines: Vec<String>) -> Party {
    Party {
        role: role.into(),
        lines,
    }
}

fn lessee(order: &Order) -> Vec<String> {
    let customer = &order.customer;
    let mut lines: Vec<String> = customer.company.iter().cloned().collect();
    lines.push(format!("{} {}", customer.first_name, customer.last_name));
    lines.push(customer.email.clone());
    lines.extend(address(&order.billing_address));
    // An address repeats the name of whom it is for.
    let mut seen = std::collections::HashSet::new();
    lines.retain(|line| seen.insert(line.clone()));
    lines
}

fn address(address: &Address) -> Vec<String> {
    let postal = address.postal_code.value().map_or("", String::as_str);
    let city = format!("{postal} {}", address.city);
    let lines = [
        Some(address.contact_name.clone()),
        address.company.clone(),
        address.building_info.clone(),
        Some(address.street_address.clone()),
        address.locality.clone(),
        Some(city.trim().to_owned()),
        address.admin_area.clone(),
        Some(address.country.clone()),
    ];
    let lines = lines.into_iter().flatten();
    lines.filter(|line| !line.trim().is_empty()).collect()
}

fn facts(order: &Order, words: &Words) -> Vec<Fact> {
    let mut facts = vec![
        ("Order", order.order_id.clone()),
        ("Date", words.day_of(order.created_at)),
        ("Customer", order.customer.customer_id.clone()),
        ("Currency", words.currency.code().to_owned()),
    ];
    if let Some(details) = &order.extension_details
        && words.kind == Kind::Extension
    {
        facts.extend([
            ("Extends order", details.original_order_id.clone()),
            ("Months added", details.extension_months.to_string()),
            ("Ended before on", words.day(&details.previous_end_date)),
            ("Ends now on", words.day(&details.new_end_date)),
        ]);
    }
    if let Some(details) = &order.upgrade_details
        && words.kind == Kind::Upgrade
    {
        facts.extend([
            ("Former device", details.previous_device.clone()),
            ("Serial number", details.previous_serial_number.clone()),
            (
                "Former monthly price",
                words.price(details.previous_monthly_amount),
            ),
            ("Former contract", details.previous_rental_id.clone()),
        ]);
    }
    let fact = |(label, value): (&str, String)| Fact {
        label: label.into(),
        value: if value.is_empty() {
            "–".into()
        } else {
            value
        },
    };
    facts.into_iter().map(fact).collect()
}

fn items(order: &Order, words: &Words) -> Table {
    let columns = [
        ("Product", Align::Left),
        ("SKU", Align::Left),
        ("Quantity", Align::Right),
        ("Months", Align::Right),
        ("Each a month", Align::Right),
        ("A month", Align::Right),
    ];
    let rows = order.items.iter().map(|item| {
        vec![
            item.product_name.clone(),
            item.sku.clone(),
            item.quantity.to_string(),
            item.contract_length.to_string(),
            words.money(item.unit_price),
            words.sum(item.unit_price, item.quantity),
        ]
    });
    let totals = &order.totals;
    let total = |(label, value, strong): (&str, f64, bool)| Total {
        label: label.into(),
        value: words.price(value),
        strong,
    };
    Table {
        heading: "Devices".into(),
        columns: columns
            .map(|(heading, align)| Column {
                heading: heading.into(),
                align,
            })
            .into(),
        rows: rows.collect(),
        totals: [
            ("Net, a month", totals.subtotal, false),
            ("Tax", totals.tax_amount.unwrap_or(0.0), false),
            ("Total, a month", totals.total, true),
        ]
        .map(total)
        .into(),
    }
}

fn paragraphs(terms: &str) -> Vec<String> {
    let paragraphs = terms.split("\n\n").map(|text| text.trim().to_owned());
    paragraphs.filter(|text| !text.is_empty()).collect()
}

fn signature(party: &str) -> Signature {
    Signature {
        party: party.into(),
        lines: vec!["Place, date".into(), "Signature".into()],
    }
}
