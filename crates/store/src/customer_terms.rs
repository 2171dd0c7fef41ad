//! What customers are searched by: the words of their names, company, e-mail address and telephone number,
//! without case and accents.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::customer_list;
use crate::customers::{CustomerFilter, CustomerRow, CustomerSort};
use crate::found::Found;
use crate::page::{Select, beyond};
use crate::statement::{InsertAll, json_rows};
use crate::{Error, Page, Position, Row, Tx, params};

/// Most characters of a word that are kept and compared.
const LONGEST: usize = 64;

static INSERT: LazyLock<InsertAll> = LazyLock::new(|| {
    let columns = "tenant_id, customer_id, term, created_at";
    InsertAll::new("customer_terms", columns, &["created_at"])
});

/// Adds what a new customer is found by.
pub(crate) fn insert(tx: &mut Tx<'_>, customer: &CustomerRow) -> Result<(), Error> {
    let terms = of_customer(customer);
    let rows: Vec<_> = terms
        .iter()
        .map(|term| {
            let (tenant, id) = (&customer.tenant_id, &customer.id);
            params![tenant, id, term, customer.created_at].to_vec()
        })
        .collect();
    INSERT.run(tx, &rows)
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
    tx.execute(sql, params![&after.tenant_id, &after.id])?;
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

/// Up to how many words of customers that begin with the one looked for, those customers are gathered. If there
/// are more, the list is walked in its order instead, where one in a few hundred is found soon.
const NARROW: i64 = 20_000;

/// A search as it is carried out.
pub(crate) struct Search {
    /// The word looked up: the longest.
    first: [String; 2],
    /// The others, as JSON.
    others: String,
    /// How many words of customers begin with the first, as far as counted.
    count: i64,
}

impl Search {
    pub(crate) fn of(tx: &mut Tx<'_>, tenant: &str, words: &[String]) -> Result<Self, Error> {
        let Some(longest) = (0..words.len()).max_by_key(|index| words[*index].len()) else {
            // Punctuation: nobody has that.
            return Ok(Self {
                first: Default::default(),
                others: String::new(),
                count: 0,
            });
        };
        let first = range(&words[longest]);
        let others = words
            .iter()
            .enumerate()
            .filter(|(index, _)| *index != longest);
        let others = json_rows(others.map(|(_, word)| range(word)))?;
        let sql = format!(
            "SELECT count(*) FROM (SELECT 1 FROM customer_terms \
             WHERE tenant_id = $1 AND term >= $2 AND term < $3 LIMIT {}) AS counted",
            NARROW + 1
        );
        let values = params![tenant, &first[0], &first[1]];
        let count = tx.query_one(&sql, values, |row| row.get())?;
        Ok(Self {
            first,
            others,
            count,
        })
    }

    pub(crate) fn finds_nothing(&self) -> bool {
        self.count == 0
    }

    pub(crate) fn is_narrow(&self) -> bool {
        self.count <= NARROW
    }

    /// Adds the conditions to a statement over `customers`.
    pub(crate) fn restrict<'a>(&'a self, tx: &Tx<'_>, select: &mut Select<'a>) {
        let [from, to] = &self.first;
        let words = match self.is_narrow() {
            true => {
                "id IN (SELECT t.customer_id FROM customer_terms t WHERE t.tenant_id = $1 AND t.term >= {}"
            }
            // A subquery with a LIMIT is looked up for each customer; a semi-join might read the table.
            false => {
                "(SELECT 1 FROM customer_terms t WHERE t.tenant_id = customers.tenant_id \
                 AND t.customer_id = customers.id AND t.term >= {}"
            }
        };
        select.condition_with(words, from.as_str());
        let rest = match self.is_narrow() {
            true => "t.term < {})",
            false => "t.term < {} LIMIT 1) IS NOT NULL",
        };
        select.condition_with(rest, to.as_str());
        self.restrict_others(tx, select);
    }

    fn restrict_others<'a>(&'a self, tx: &Tx<'_>, select: &mut Select<'a>) {
        let others = format!(
            "NOT EXISTS (SELECT 1 FROM {} WHERE (SELECT 1 FROM customer_terms t \
             WHERE t.tenant_id = customers.tenant_id AND t.customer_id = customers.id \
             AND t.term >= w.value ->> 0 AND t.term < w.value ->> 1 LIMIT 1) IS NULL)",
            tx.each_of("{}", "w")
        );
        select.condition_with(&others, self.others.as_str());
    }

    /// A page in the order of creation: the customers are put in order before any of them is read.
    pub(crate) fn page<T>(
        &self,
        tx: &mut Tx<'_>,
        tenant: &str,
        filter: &CustomerFilter,
        page: &Page<CustomerSort>,
        map: impl Fn(&mut Row<'_>) -> Result<T, Error>,
    ) -> Result<Found<T>, Error> {
        let (operator, direction) = match page.descending {
            true => ("<", "DESC"),
            false => (">", "ASC"),
        };
        let [from, to] = &self.first;
        let mut after = page.after.clone();
        let mut found = Found::default();
        // The first look fills the page, unless other conditions pass most customers over.
        let mut look = (page.limit.max(1) as usize + 1).max(100);
        loop {
            let beyond = match after {
                None => "",
                Some(_) => "AND (created_at, customer_id) {operator} ($4, $5) ",
            };
            let sql = format!(
                "SELECT DISTINCT created_at, customer_id FROM customer_terms \
                 WHERE tenant_id = $1 AND term >= $2 AND term < $3 {}\
                 ORDER BY created_at {direction}, customer_id {direction} LIMIT {look}",
                beyond.replace("{operator}", operator)
            );
            let mut values = params![tenant, from, to].to_vec();
            if let Some(Position { value, id }) = &after {
                values.extend([value.into(), id.into()]);
            }
            let positions: Vec<Position> = tx.query_all(&sql, &values, |row| {
                Ok(Position {
                    value: row.get()?,
                    id: row.get()?,
                })
            })?;
            for some in positions.chunks(100) {
                let ids = json_rows(some.iter().map(|position| [&position.id]))?;
                let mut select = customer_list::unsearched(tenant, filter);
                let among = format!(
                    "id IN (SELECT i.value ->> 0 FROM {})",
                    tx.each_of("{}", "i")
                );
                select.condition_with(&among, ids.as_str());
                self.restrict_others(tx, &mut select);
                let rest = Page {
                    after: None,
                    ..page.clone()
                };
                found.extend(select.page(tx, "id", &rest, &map)?, page);
                if found.more {
                    return Ok(found);
                }
            }
            if positions.len() < look {
                return Ok(found);
            }
            after = positions.into_iter().next_back();
            look *= 8;
        }
    }
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
