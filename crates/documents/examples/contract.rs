//! Writes a rental contract, with names and products in several scripts:
//!
//! ```sh
//! cargo run --package documents --example contract -- contract.pdf
//! ```
//!
//! With a number behind the path, it renders the contract as often and says how long one took.

use std::error::Error;
use std::time::Instant;

use documents::{
    Align, Block, Column, Document, Fact, Footer, Party, Section, Signature, Table, Total, render,
};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("usage: contract PATH [TIMES]")?;
    let document = contract()?;
    let pdf = render(&document)?;
    println!("{path}: {} bytes", pdf.len());
    std::fs::write(path, pdf)?;
    if let Some(times) = arguments.next() {
        let times: u32 = times.parse()?;
        let start = Instant::now();
        for _ in 0..times {
            render(&document)?;
        }
        println!("{:?} each", start.elapsed() / times.max(1));
    }
    Ok(())
}

fn contract() -> Result<Document, Box<dyn Error>> {
    Ok(Document {
        title: "Rental contract".to_owned(),
        subtitle: "Order ORD-2026-0148 of 14 March 2026".to_owned(),
        language: "en".to_owned(),
        created: Some("2026-03-14T09:26:53Z".parse()?),
        letterhead: texts(&[
            "Nordlicht Mietgeräte GmbH",
            "Holzmarktstraße 11",
            "10179 Berlin, Germany",
            "contracts@rent.example",
            "VAT ID DE 312 345 678",
        ]),
        blocks: vec![
            Block::Parties(vec![
                Party {
                    role: "Lessor".to_owned(),
                    lines: texts(&[
                        "Nordlicht Mietgeräte GmbH",
                        "Holzmarktstraße 11",
                        "10179 Berlin",
                        "Germany",
                    ]),
                },
                Party {
                    role: "Lessee".to_owned(),
                    lines: texts(&[
                        "Zakłady Łódzkie Sp. z o.o.",
                        "ul. Piotrkowska 104, Łódź",
                        "attn. Ελένη Παπαδοπούλου, Юлія Щербак",
                        "東京支店 山田太郎 · 서울 지점",
                        "مرحبا شركة التأجير 2026",
                    ]),
                },
            ]),
            facts(),
            items(),
            Block::Section(section(
                "Term and payment",
                &[
                    "The contract begins with the delivery of the devices and runs for the months stated \
                     above. It then goes on from month to month until one of the parties gives notice of one \
                     month in writing.",
                    "Monthly amounts are due in advance on the first day of each contract month; setup fees are \
                     due with the first of them. Amounts are net of value added tax.",
                ],
            )),
            Block::Section(section(
                "Use and return",
                &[
                    "The devices remain the property of the lessor. The lessee keeps them in good order, and \
                     returns them within 14 days after the end of the contract. Loss and damage are to be told \
                     without delay.",
                    "تبقى الأجهزة ملكًا للمؤجر، ويعيدها المستأجر خلال 14 يومًا من نهاية العقد (order ORD-2026-0148) \
                     بحالة جيدة. تُدفع المبالغ الشهرية مقدمًا في اليوم الأول من كل شهر.",
                    "機器の所有権は貸主に帰属します。借主は契約終了後14日以内に機器を良好な状態で返却するものとします。\
                     紛失または損傷があった場合は、速やかに貸主に通知してください。",
                    "המכשירים נשארים רכוש המשכיר. สัญญานี้มีผลบังคับใช้เมื่อส่งมอบอุปกรณ์ให้แก่ผู้เช่าแล้ว · उपकरण \
                     किरायेदाता की संपत्ति बने रहते हैं · Հայերեն · ქართული · box: 😀",
                ],
            )),
            Block::Signatures(vec![signature("For the lessor"), signature("For the lessee")]),
        ],
        footer: Footer {
            text: "Nordlicht Mietgeräte GmbH · Director: Jana Groß · HRB 123456 B, Amtsgericht Charlottenburg\n\
                   IBAN DE02 1203 0000 0000 2020 51 · ORD-2026-0148"
                .to_owned(),
            ..Footer::default()
        },
    })
}

fn facts() -> Block {
    let facts = [
        ("Order", "ORD-2026-0148"),
        ("Date", "14 March 2026"),
        ("Customer", "CUS-000731"),
        ("Currency", "EUR"),
        (
            "Contract begins",
            "With delivery, on 1 April 2026 at the latest",
        ),
        ("Minimum term", "24 months"),
        ("Payment", "Monthly in advance, SEPA direct debit"),
        ("Your reference", "PO 4500017733"),
    ];
    let fact = |(label, value): (&str, &str)| Fact {
        label: label.to_owned(),
        value: value.to_owned(),
    };
    Block::Facts(facts.map(fact).into())
}

fn items() -> Block {
    let column = |(heading, align): (&str, Align)| Column {
        heading: heading.to_owned(),
        align,
    };
    let rows = [
        [
            "Laptop 14″, 32 GB, 1 TB, keyboard PL",
            "LT-14-32-PL",
            "12",
            "24",
            "42.90",
            "25.00",
        ],
        [
            "Monitor 27″ UHD with USB-C dock and height-adjustable stand",
            "MO-27-UHD",
            "24",
            "24",
            "14.50",
            "0.00",
        ],
        [
            "ノートパソコン 13インチ (日本語キーボード)",
            "LT-13-JP",
            "4",
            "36",
            "39.00",
            "25.00",
        ],
        ["هاتف ذكي 256 GB", "PH-256-AR", "8", "24", "21.75", "10.00"],
        [
            "Docking station",
            "DK-USB4-180W-EU",
            "12",
            "24",
            "6.20",
            "0.00",
        ],
    ];
    let total = |(label, value, strong): (&str, &str, bool)| Total {
        label: label.to_owned(),
        value: value.to_owned(),
        strong,
    };
    Block::Table(Table {
        heading: "Devices".to_owned(),
        columns: [
            ("Product", Align::Left),
            ("SKU", Align::Left),
            ("Qty", Align::Right),
            ("Months", Align::Right),
            ("Monthly", Align::Right),
            ("Setup fee", Align::Right),
        ]
        .map(column)
        .into(),
        rows: rows.map(|row| texts(&row)).into(),
        totals: [
            ("Setup fees, once", "480.00 EUR", false),
            ("Discount of 5 % on monthly amounts", "−65.72 EUR", false),
            ("Per month", "1,248.68 EUR", true),
        ]
        .map(total)
        .into(),
    })
}

fn section(heading: &str, paragraphs: &[&str]) -> Section {
    Section {
        heading: heading.to_owned(),
        paragraphs: texts(paragraphs),
    }
}

fn signature(party: &str) -> Signature {
    Signature {
        party: party.to_owned(),
        lines: texts(&["Place, date", "Name and signature"]),
    }
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}
