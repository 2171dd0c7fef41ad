//! International Mobile Equipment Identities (3GPP TS 23.003, section 6).

/// Digits of an IMEI, the check digit included.
const LENGTH: usize = 15;

/// Whether `text` is 15 digits of which the last is the Luhn check digit of the others.
pub(super) fn is_imei(text: &str) -> bool {
    if text.len() != LENGTH || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let sum: u32 = text
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let digit = u32::from(byte - b'0');
            // Every second digit from the right counts double, the digits of the double summed.
            match place % 2 {
                0 => digit,
                _ => digit * 2 / 10 + digit * 2 % 10,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_fifteen_digits_with_their_check_digit_are_an_imei() {
        assert!(is_imei("490154203237518"));
        assert!(is_imei("356938035643809"));
        assert!(!is_imei("490154203237519"));
        assert!(!is_imei("940154203237518"), "swapped digits");
        assert!(!is_imei("49015420323751"));
        assert!(!is_imei("4901542032375180"));
        assert!(!is_imei("49015420323751x"));
        assert!(!is_imei("٤٩٠١٥٤٢٠٣٢٣٧٥١٨"));
    }
}
