//! Statements over whole rows, written from one list of columns.

/// `INSERT INTO table (columns) VALUES ($1, …)`.
pub(crate) fn insert(table: &str, columns: &str) -> String {
    let values: Vec<String> = (1..=columns.split(',').count())
        .map(|n| format!("${n}"))
        .collect();
    format!(
        "INSERT INTO {table} ({columns}) VALUES ({})",
        values.join(", ")
    )
}

/// `UPDATE table SET a = $1, … WHERE key1 = $n AND …`.
pub(crate) fn update(table: &str, columns: &str, keys: &str) -> String {
    let mut number = 0;
    let mut assign = |name: &str| {
        number += 1;
        format!("{} = ${number}", name.trim())
    };
    let set: Vec<String> = columns.split(',').map(&mut assign).collect();
    let wher: Vec<String> = keys.split(',').map(&mut assign).collect();
    format!(
        "UPDATE {table} SET {} WHERE {}",
        set.join(", "),
        wher.join(" AND ")
    )
}
