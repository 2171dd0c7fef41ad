//! Products and variants of a request as they are stored, looked up together before anything is
//! decided, and what is to be written of them, written together when all is.

use std::collections::HashMap;

use store::{ProductRow, VariantRow};

use crate::call::Call;
use crate::error::Error;
use crate::rules::texts;

/// Rows by their SKU.
#[derive(Default)]
pub(super) struct Known {
    products: HashMap<String, Entry<ProductRow>>,
    variants: HashMap<String, Entry<VariantRow>>,
}

struct Entry<R> {
    row: R,
    /// It is not stored as it stands here.
    changed: bool,
}

impl Known {
    /// Those that have one of the SKUs, with a statement for either kind.
    pub(super) fn of<'s>(
        call: &mut Call<'_, '_>,
        products: impl IntoIterator<Item = &'s str>,
        variants: impl IntoIterator<Item = &'s str>,
    ) -> Result<Known, Error> {
        let mut known = Known::default();
        let products = trimmed(products);
        if !products.is_empty() {
            for row in store::products::of_skus(call.tx, &products)? {
                let sku = row.product_sku.clone();
                let changed = false;
                known.products.insert(sku, Entry { row, changed });
            }
        }
        let variants = trimmed(variants);
        if !variants.is_empty() {
            store::variants::each_of_skus(call.tx, &variants, |found| {
                let row = found.variant;
                let sku = row.variant_sku.clone();
                let changed = false;
                known.variants.insert(sku, Entry { row, changed });
            })?;
        }
        Ok(known)
    }

    pub(super) fn product(&self, sku: &str) -> Option<&ProductRow> {
        self.products.get(sku).map(|entry| &entry.row)
    }

    pub(super) fn variant(&self, sku: &str) -> Option<&VariantRow> {
        self.variants.get(sku).map(|entry| &entry.row)
    }

    /// A product and variants as they are to be.
    pub(super) fn put(&mut self, product: ProductRow, variants: Vec<VariantRow>) {
        let changed = true;
        let sku = product.product_sku.clone();
        let row = product;
        self.products.insert(sku, Entry { row, changed });
        for row in variants {
            let sku = row.variant_sku.clone();
            self.variants.insert(sku, Entry { row, changed });
        }
    }

    /// Writes what was put.
    pub(super) fn write(self, call: &mut Call<'_, '_>) -> Result<(), Error> {
        let products = changed(self.products, |row| &row.id);
        store::products::save_all(call.tx, &products)?;
        let variants = changed(self.variants, |row| &row.id);
        store::variants::save_all(call.tx, &variants)?;
        Ok(())
    }
}

/// SKUs as they are stored, each once.
fn trimmed<'s>(skus: impl IntoIterator<Item = &'s str>) -> Vec<&'s str> {
    let mut skus: Vec<&str> = skus.into_iter().map(texts::trimmed).collect();
    skus.sort_unstable();
    skus.dedup();
    skus
}

/// The rows that were put, oldest first.
fn changed<R>(entries: HashMap<String, Entry<R>>, id: impl Fn(&R) -> &str) -> Vec<R> {
    let entries = entries.into_values().filter(|entry| entry.changed);
    let mut rows: Vec<R> = entries.map(|entry| entry.row).collect();
    rows.sort_unstable_by(|one, other| id(one).cmp(id(other)));
    rows
}
