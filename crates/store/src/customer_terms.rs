//! What customers are searched by: the words of their names, company, e-mail address and telephone number,
//! without case and accents.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::customers::CustomerRow;
use crate::page::beyond;
use crate::statement::InsertAll;
use crate::{Error, Tx, params};

/// Most characters of a word that are kept and compared.
const LONGEST: usize = 64;

static INSERT: LazyLock<InsertAll> = LazyLock::new(|| {
    let columns = "tenant_id, customer_id, term, created_at, era";
    InsertAll::new("customer_terms", columns, &["created_at", "era"])
});

/// Adds what a new customer is found by.
pub(crate) fn insert(tx: &mut Tx<'_>, customer: &CustomerRow) -> Result<(), Error> {
    let terms = of_customer(customer);
    let (tenant, id, at) = (
        tx.own(&customer.tenant_id)?,
        &customer.id,
        customer.created_at,
    );
    let era = era(at.as_microsecond());
    let rows = terms
        .iter()
        .map(|term| params![tenant, id, term, at, era].to_vec());
    INSERT.run(tx, rows)
}

/// Replaces what a customer is found by, if that has changed.
pub(crate) fn update(
    tx: &mut Tx<'_>,
    before: &CustomerRow,
    after: &CustomerRow,
) -> Result<(), Error> {
    if of_customer(before) == of_customer(after) {
        return Ok(());
    }
    let sql = "DELETE FROM customer_terms WHERE tenant_id = $1 AND customer_id = $2";
    tx.execute(sql, params![tx.own(&after.tenant_id)?, &after.id])?;
    insert(tx, after)
}

/// The words to look for: customers have each of them at the beginning of a word of theirs.
pub fn words(search: &str) -> Vec<String> {
    let digits = |letter: char| letter.is_ascii_digit();
    let in_phones = |letter: char| digits(letter) || " +-/().".contains(letter);
    if search.chars().all(in_phones) && search.chars().any(digits) {
        return vec![phone(search)];
    }
    let mut words = BTreeSet::new();
    for piece in fold(search).split_whitespace() {
        match piece.contains('@') {
            true => add(&mut words, piece),
            false => add_words(&mut words, piece),
        }
    }
    words.into_iter().collect()
}

/// From which text on, and before which, the words lie that begin with `word`.
pub(crate) fn range(word: &str) -> [String; 2] {
    let end = beyond(word).unwrap_or_else(|| format!("{word}\u{10FFFF}"));
    [word.to_owned(), end]
}

/// Bits of a microsecond within an era, which so lasts 72 minutes: one has not too many customers where they come
/// quickly, and eras are not too many where they come slowly. An era without customers costs nothing.
const ERA_BITS: u32 = 32;

/// The era of an instant.
pub(crate) fn era(at_us: i64) -> i64 {
    at_us >> ERA_BITS
}

/// The instants of an era: the first one, and the last.
pub(crate) fn instants(era: i64) -> [i64; 2] {
    [era << ERA_BITS, (era << ERA_BITS) + ((1 << ERA_BITS) - 1)]
}

fn of_customer(customer: &CustomerRow) -> BTreeSet<String> {
    let mut terms = BTreeSet::new();
    let names = [
        Some(&customer.first_name),
        Some(&customer.last_name),
        customer.company.as_ref(),
    ];
    for name in names.into_iter().flatten() {
        add_words(&mut terms, &fold(name));
    }
    let email = fold(&customer.email);
    add_words(
        &mut terms,
        email.rsplit_once('@').map_or(&*email, |(local, _)| local),
    );
    add(&mut terms, &email);
    if let Some(number) = &customer.phone {
        add(&mut terms, &phone(number));
    }
    terms
}

/// Digits, so that it does not matter how they are grouped.
fn phone(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

fn add_words(words: &mut BTreeSet<String>, folded: &str) {
    for word in folded.split(|letter: char| !letter.is_alphanumeric()) {
        add(words, word);
    }
}

fn add(words: &mut BTreeSet<String>, word: &str) {
    let word: String = word
        .chars()
        .filter(|letter| !letter.is_control())
        .take(LONGEST)
        .collect();
    if !word.is_empty() {
        words.insert(word);
    }
}

/// Without case and accents: what people type who do not find `é` on their keyboard.
fn fold(text: &str) -> String {
    let plain = text.nfkd().filter(|letter| !is_combining_mark(*letter));
    let mut folded = String::with_capacity(text.len());
    for letter in plain
        .flat_map(char::to_lowercase)
        .filter(|letter| !is_combining_mark(*letter))
    {
        match letter {
            // Letters of their own, which have no decomposition.
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' | 'ð' => folded.push('d'),
            'þ' => folded.push_str("th"),
            'ı' => folded.push('i'),
            letter => folded.push(letter),
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_accents_are_ignored() {
        for (text, folded) in [
            ("Müller", "muller"),
            ("MU\u{308}LLER", "muller"),
            ("Éloïse", "eloise"),
            ("Strauß", "strauss"),
            ("Søren Łukasz", "soren lukasz"),
            ("İpek", "ipek"),
            ("ΑΘΗΝΆ", "αθηνα"),
            ("ＡＢＣ", "abc"),
        ] {
            assert_eq!(fold(text), folded, "{text}");
        }
    }

    #[test]
    fn a_search_is_words_an_address_or_a_number() {
        let words = |search: &str| super::words(search);
        assert_eq!(words(" Ada  LOVE "), ["ada", "love"]);
        assert_eq!(words("Anna-Maria"), ["anna", "maria"]);
        assert_eq!(words("Ada.Love@Ex"), ["ada.love@ex"]);
        assert_eq!(words("+49 (30) 555"), ["4930555"]);
        assert_eq!(words("Halle 7"), ["7", "halle"]);
        assert!(words(" -- ").is_empty());
        assert!(words("").is_empty());
        assert_eq!(words(&"x".repeat(100)), ["x".repeat(64)]);
    }

    #[test]
    fn the_range_of_a_word_ends_before_the_next_one() {
        assert_eq!(range("ab"), ["ab", "ac"]);
        assert_eq!(range("a\u{10FFFF}"), ["a\u{10FFFF}", "b"]);
        assert_eq!(range("\u{D7FF}"), ["\u{D7FF}", "\u{E000}"]);
    }
}
