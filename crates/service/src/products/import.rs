//! importProductsCSV: every row is saved as createProduct saves a product with one variant. Rows
//! that cannot be saved are reported and skipped.

use std::collections::BTreeMap;

use api::ImportProductsCsvBody;
use types::support::True;
use types::{
    ErrorCode, PricingTierInput, ProductCreate, ProductImportError, ProductImported,
    ProductOperation, VariantUpdate,
};

use super::csv::{self, Column, Row};
use super::save;
use crate::call::{Call, Context};
use crate::error::{Error, invalid, refuse};
use crate::serve::Service;
use crate::texts;

/// Largest file, in bytes.
const SIZE_LIMIT: usize = 10 * 1024 * 1024;

/// Reads the rows of a request.
///
/// # Errors
/// When the file as a whole cannot be used.
pub(super) fn read(body: &ImportProductsCsvBody) -> Result<Vec<Row>, Error> {
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
    let text = std::str::from_utf8(bytes)
        .map_err(|_| invalid("csvFile", "invalid_string", "must be UTF-8"))?;
    csv::parse(text)
}

/// Rows in one transaction. Nothing else of the tenant is changed meanwhile, so it must be short.
const BATCH: usize = 100;

/// Applies the rows that can be applied, batch by batch. What a failure leaves undone is done by
/// sending the file again.
pub(super) async fn import(
    service: &Service,
    context: Context,
    rows: &[Row],
) -> Result<ProductImported, Error> {
    let mut products: BTreeMap<String, bool> = BTreeMap::new();
    let mut errors = Vec::new();
    for batch in rows.chunks(BATCH) {
        let batch = batch.to_vec();
        let saved = service
            .write_alone(context.clone(), move |call| save_all(call, &batch))
            .await?;
        for row in saved {
            match row {
                Ok((product, created)) => {
                    products.entry(product).or_insert(created);
                }
                Err(error) => errors.push(error),
            }
        }
    }
    let created = products.values().filter(|created| **created).count();
    let updated = products.len() - created;
    let skipped = errors.len();
    Ok(ProductImported {
        success: True,
        message: format!(
            "products created: {created}, updated: {updated}; rows skipped: {skipped}"
        ),
        created: created as u64,
        updated: updated as u64,
        errors,
    })
}

/// The product of a row and whether it is new, or why the row is skipped.
type Saved = Result<(String, bool), ProductImportError>;

fn save_all(call: &mut Call<'_, '_>, rows: &[Row]) -> Result<Vec<Saved>, Error> {
    let saved = rows.iter().map(|row| match save_row(call, row) {
        Ok(saved) => Ok(Ok(saved)),
        Err(Error::Refused(refusal)) => Ok(Err(ProductImportError {
            row: row.line,
            error: refusal.message,
        })),
        Err(failure) => Err(failure),
    });
    saved.collect()
}

/// Saves one row. Gives the product and whether it is new. A refusal has written nothing.
fn save_row(call: &mut Call<'_, '_>, row: &Row) -> Result<(String, bool), Error> {
    let (product, mut variant) = read_row(call, row)
        .map_err(|problems| refuse(ErrorCode::ValidationError, problems.join("; ")))?;
    let known = store::variants::find_by_sku(call.tx, &call.tenant.id, &variant.variant_sku)?;
    if known.is_none() {
        // No column names the variant: a new one is called after its product, a known one keeps
        // its name.
        variant.variant_name = Some(match &variant.color_name {
            Some(color) => format!("{} {color}", product.name),
            None => product.name.clone(),
        });
    }
    let saved = save::upsert(call, &product, &[variant])?;
    Ok((
        saved.product_id,
        saved.operation == ProductOperation::Created,
    ))
}

/// What a row says, or everything that is wrong with it.
fn read_row(call: &Call<'_, '_>, row: &Row) -> Result<(ProductCreate, VariantUpdate), Vec<String>> {
    let mut problems = Vec::new();
    if row.surplus {
        problems.push("the row has more cells than the header".to_owned());
    }
    problems.extend(
        Column::ALL
            .into_iter()
            .filter_map(|column| unfit(row, column)),
    );
    let grade = match row.cell(Column::Grade) {
        "" => "A",
        grade => grade,
    };
    if !matches!(grade, "A" | "B" | "C" | "D" | "E") {
        problems.push(format!(
            "{} must be one of A, B, C, D, E",
            Column::Grade.name()
        ));
    }
    let mut amount = |column: Column| match row.cell(column) {
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
        .all(|(column, _)| row.cell(column).is_empty())
    {
        let names = Column::PRICES.map(|(column, _)| column.name()).join(", ");
        problems.push(format!("at least one of {names} is required"));
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let text = |column: Column| row.cell(column).to_owned();
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
    let color = row.cell(Column::Color);
    let variant = VariantUpdate {
        variant_id: None,
        variant_sku: text(Column::VariantSku),
        variant_name: None,
        grade: Some(grade.to_owned()),
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
fn unfit(row: &Row, column: Column) -> Option<String> {
    let (name, cell) = (column.name(), row.cell(column));
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

/// An amount written as `799` or `799.00`.
fn read_amount(call: &Call<'_, '_>, cell: &str) -> Result<f64, String> {
    let (whole, fraction) = cell.split_once('.').unwrap_or((cell, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = match digits(whole) && digits(fraction) {
        true => cell.parse::<f64>().ok(),
        false => None,
    };
    let number = number.ok_or("must be an amount such as 799.00")?;
    call.tenant
        .currency
        .minor(number)
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
