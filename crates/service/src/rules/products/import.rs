//! importProductsCSV: every row is saved as createProduct saves a product with one variant. Rows
//! that cannot be saved are reported and skipped.

use std::collections::BTreeMap;

use api::ImportProductsCsvBody;
use types::support::True;
use types::{
    ErrorCode, PricingTierInput, ProductCreate, ProductImportError, ProductImported,
    ProductOperation, VariantUpdate,
};

use super::csv::{self, Cells, Column, Row};
use super::known::Known;
use super::{save, tiers};
use crate::call::{Call, Context};
use crate::error::{Error, refuse};
use crate::face::conditions::{self, Parts};
use crate::face::serve::Service;
use crate::rules::texts;

/// Most skipped rows that an answer reports: who sent another kind of file learns no more from
/// thousands.
const MOST_REPORTED: usize = 100;

/// Most characters that are said of one row.
const LONGEST_REPORT: usize = 1_000;

/// Largest file, in bytes.
const SIZE_LIMIT: usize = 10 * 1024 * 1024;

/// Reads the rows of a request.
///
/// # Errors
/// When the file as a whole cannot be used.
fn read(body: &ImportProductsCsvBody) -> Result<Vec<Row>, Error> {
    let bytes = match body {
        ImportProductsCsvBody::Form(form) => &form.csv_file.bytes[..],
        ImportProductsCsvBody::Csv(text) => text.as_bytes(),
    };
    if bytes.len() > SIZE_LIMIT {
        return Err(refuse(
            ErrorCode::PayloadTooLarge,
            "the CSV file is larger than 10 MB",
        ));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| {
        let message = match bytes {
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "must be UTF-8, and is UTF-16",
            _ => "must be UTF-8",
        };
        csv::unusable("invalid_string", message)
    })?;
    csv::parse(text)
}

/// Rows in one transaction. Nothing else of the tenant is changed meanwhile, on SQLite of no tenant, so it must be
/// short: a millisecond.
const BATCH: usize = 20;

/// Applies the rows of a file that can be applied, batch by batch. What a failure leaves undone is done by
/// sending the file again.
pub(crate) async fn import(
    service: &Service,
    context: Context,
    body: &ImportProductsCsvBody,
) -> Result<ProductImported, Error> {
    conditions::once(service, context, |parts| apply(service, parts, body)).await
}

async fn apply(
    service: &Service,
    parts: Parts,
    body: &ImportProductsCsvBody,
) -> Result<ProductImported, Error> {
    let rows = read(body)?;
    let mut products: BTreeMap<String, bool> = BTreeMap::new();
    let mut errors = Vec::new();
    let mut skipped = 0;
    for (number, batch) in rows.chunks(BATCH).enumerate() {
        let batch = batch.to_vec();
        let saved = service
            .write_alone(parts.part(number), move |call| save_all(call, &batch))
            .await?;
        for row in saved {
            match row {
                Ok((product, created)) => {
                    products.entry(product).or_insert(created);
                }
                Err(error) => {
                    skipped += 1;
                    if errors.len() < MOST_REPORTED {
                        errors.push(error);
                    }
                }
            }
        }
    }
    let created = products.values().filter(|created| **created).count();
    let updated = products.len() - created;
    let unreported = match skipped - errors.len() {
        0 => String::new(),
        more => format!(", {more} of them not listed"),
    };
    Ok(ProductImported {
        success: True,
        message: format!(
            "products created: {created}, updated: {updated}; rows skipped: {skipped}{unreported}"
        ),
        created: created as u64,
        updated: updated as u64,
        errors,
    })
}

/// The product of a row and whether it is new, or why the row is skipped.
type Saved = Result<(String, bool), ProductImportError>;

/// Saves rows one after the other, and writes what has become of all of them together.
fn save_all(call: &mut Call<'_, '_>, rows: &[Row]) -> Result<Vec<Saved>, Error> {
    let said: Vec<Result<Said, Error>> = rows.iter().map(|row| read_row(call, row)).collect();
    let (products, variants) = (said.iter().flatten(), said.iter().flatten());
    let mut known = Known::of(
        call,
        products.map(|(product, _)| &*product.product_sku),
        variants.map(|(_, variant)| &*variant.variant_sku),
    )?;
    let saved = rows.iter().zip(said).map(|(row, said)| {
        match said.and_then(|said| save_row(call, &mut known, said)) {
            Ok(saved) => Ok(Ok(saved)),
            Err(Error::Refused(refusal)) => Ok(Err(ProductImportError {
                row: row.line,
                error: refusal.message.chars().take(LONGEST_REPORT).collect(),
            })),
            Err(failure) => Err(failure),
        }
    });
    let saved = saved.collect::<Result<Vec<Saved>, Error>>()?;
    known.write(call)?;
    Ok(saved)
}

/// Saves what a row says. Gives the product and whether it is new. A refusal has changed nothing.
fn save_row(
    call: &Call<'_, '_>,
    known: &mut Known,
    (product, mut variant): Said,
) -> Result<(String, bool), Error> {
    if let Some(before) = known.variant(&variant.variant_sku) {
        let given = variant.pricing.take().unwrap_or_default();
        variant.pricing = Some(tiers::merge(call, before, given)?);
    } else {
        // What a known variant keeps where the row says nothing, a new one gets: a name after its
        // product, as no column names the variant, and the best grade.
        variant.grade.get_or_insert_with(|| "A".to_owned());
        variant.variant_name = Some(match &variant.color_name {
            Some(color) => format!("{} {color}", product.name),
            None => product.name.clone(),
        });
    }
    let saved = save::upsert(call, known, &product, &[variant])?;
    Ok((
        saved.product_id,
        saved.operation == ProductOperation::Created,
    ))
}

/// A product and the variant of it.
type Said = (ProductCreate, VariantUpdate);

/// What a row says, or everything that is wrong with it.
fn read_row(call: &Call<'_, '_>, row: &Row) -> Result<Said, Error> {
    let refused = |why: String| refuse(ErrorCode::ValidationError, why);
    let cells = row.cells.as_ref().map_err(|why| refused(why.clone()))?;
    read_cells(call, cells).map_err(|problems| refused(problems.join("; ")))
}

fn read_cells(call: &Call<'_, '_>, row: &Cells) -> Result<Said, Vec<String>> {
    let unfit = |column| unfit(row, column);
    let mut problems: Vec<String> = Column::ALL.into_iter().filter_map(unfit).collect();
    let grade = row.get(Column::Grade);
    if !matches!(grade, "" | "A" | "B" | "C" | "D" | "E") {
        problems.push(format!(
            "{} must be one of A, B, C, D, E",
            Column::Grade.name()
        ));
    }
    let mut amount = |column: Column| match row.get(column) {
        "" => None,
        cell => read_amount(call, cell)
            .map_err(|problem| problems.push(format!("{} {problem}", column.name())))
            .ok(),
    };
    let list_price = amount(Column::ListPrice);
    let acquisition_cost = amount(Column::AcquisitionCost);
    let pricing: Vec<PricingTierInput> = Column::PRICES
        .into_iter()
        .filter_map(|(column, months)| Some(tier(months, amount(column)?)))
        .collect();
    if Column::PRICES
        .into_iter()
        .all(|(column, _)| row.get(column).is_empty())
    {
        let names = Column::PRICES.map(|(column, _)| column.name()).join(", ");
        problems.push(format!("at least one of {names} is required"));
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let text = |column: Column| row.get(column).to_owned();
    let product = ProductCreate {
        product_sku: text(Column::ProductSku),
        name: text(Column::ProductName),
        specification: text(Column::Specification),
        category: text(Column::Category),
        brand: text(Column::Brand),
        description: None,
        images: None,
        variants: Vec::new(),
    };
    let color = row.get(Column::Color);
    let variant = VariantUpdate {
        variant_id: None,
        variant_sku: text(Column::VariantSku),
        variant_name: None,
        grade: (!grade.is_empty()).then(|| grade.to_owned()),
        condition: None,
        color_name: (!color.is_empty()).then(|| color.to_owned()),
        images: None,
        list_price,
        acquisition_cost,
        pricing: Some(pricing),
        status: None,
    };
    Ok((product, variant))
}

/// What is wrong with the text in a column, whatever it means. No engine stores U+0000; refused
/// here, because saving would find it only after the product has been written.
fn unfit(row: &Cells, column: Column) -> Option<String> {
    let (name, cell) = (column.name(), row.get(column));
    if cell.is_empty() && column.required() {
        Some(format!("{name} is required"))
    } else if cell.contains('\0') {
        Some(format!("{name} must not contain U+0000"))
    } else if matches!(column, Column::ProductSku | Column::VariantSku) {
        texts::key_fault(cell).map(|(_, problem)| format!("{name} {problem}"))
    } else {
        let excess = match column {
            Column::Specification => texts::free_excess(cell),
            _ => texts::excess(cell),
        };
        excess.map(|problem| format!("{name} {problem}"))
    }
}

/// An amount written as `799` or `799.00`. As a number, `1.000` would be 1; who writes it may well mean 1000.
fn read_amount(call: &Call<'_, '_>, cell: &str) -> Result<f64, String> {
    let (whole, fraction) = match cell.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (cell, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = match digits(whole) && fraction.is_none_or(digits) {
        true => cell.parse::<f64>().ok(),
        false => None,
    };
    let number = number.ok_or(
        "must be an amount such as 799.00, with a point before the decimals and nothing else",
    )?;
    let currency = call.tenant.currency;
    currency
        .fits(fraction.unwrap_or_default())
        .and_then(|()| currency.minor(number))
        .map_err(|why| why.to_string())?;
    Ok(number)
}

fn tier(contract_length: i64, monthly_price: f64) -> PricingTierInput {
    PricingTierInput {
        contract_length,
        monthly_price,
        setup_fee: None,
        discount: None,
        source: None,
        calculated_at: None,
        preset_used: None,
    }
}
