//! The currencies of ISO 4217, list one, by how many decimals their amounts have. Left out: metals, units of
//! account, funds, codes for tests, and what has been withdrawn.

/// In whole units only.
const WITHOUT_DECIMALS: &str = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF";

/// With hundredths.
const WITH_TWO: &str = "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD \
     CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD \
     GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL \
     MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN \
     PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP \
     SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG";

/// With thousandths.
const WITH_THREE: &str = "BHD IQD JOD KWD LYD OMR TND";

/// How many decimals amounts of a currency have; `None` for a code that is none of a currency.
pub(crate) fn decimals(code: &str) -> Option<u32> {
    [(0, WITHOUT_DECIMALS), (2, WITH_TWO), (3, WITH_THREE)]
        .into_iter()
        .find(|(_, codes)| codes.split_whitespace().any(|it| it == code))
        .map(|(decimals, _)| decimals)
}

/// The code that was probably meant: other case, or one letter off.
pub(crate) fn probably(code: &str) -> Option<&'static str> {
    let upper = code.trim().to_ascii_uppercase();
    let all = || {
        [WITH_TWO, WITHOUT_DECIMALS, WITH_THREE]
            .into_iter()
            .flat_map(str::split_whitespace)
    };
    let off = |it: &&str| {
        it.bytes()
            .zip(upper.bytes())
            .filter(|(a, b)| a != b)
            .count()
    };
    let like = |most| all().find(|it| upper.len() == 3 && off(it) <= most);
    like(0).or_else(|| like(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn currencies_have_the_decimals_of_iso_4217() {
        assert_eq!(decimals("EUR"), Some(2));
        assert_eq!(decimals("JPY"), Some(0));
        assert_eq!(decimals("KWD"), Some(3));
        for none in [
            "ZZZ", "XXX", "XTS", "XAU", "DEM", "eur", "EU", "EUR ", "", "EURO",
        ] {
            assert_eq!(decimals(none), None, "{none}");
        }
    }

    #[test]
    fn a_mistyped_code_is_guessed() {
        assert_eq!(probably("eur"), Some("EUR"));
        assert_eq!(probably("USB"), Some("USD"));
        assert_eq!(probably("ZZZ"), None);
        assert_eq!(probably("euro"), None);
    }
}
