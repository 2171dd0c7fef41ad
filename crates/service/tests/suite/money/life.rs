//! What happens to random contracts: by requests, and at the same time in the plain calculation.

use serde_json::{Value, json};
use store::PaymentRow;

use super::days::{self, Number};
use super::owed::{Contract, Offer, flag};
use super::settings;
use crate::suite::support::{App, Random, TENANT, order_body};

/// A tenant, seen from both sides.
pub(super) struct Office<'a> {
    app: &'a App,
    /// As they were set last.
    settings: Value,
    /// Minor units in a major one.
    units: i64,
    /// Seconds before UTC.
    ahead: i64,
    pub(super) random: Random,
}

/// A subscription and its successors.
pub(super) struct Life {
    name: String,
    customer: String,
    business: bool,
    rentals: Vec<Rental>,
    /// What happened, for whoever reads a failure.
    log: Vec<String>,
}

struct Rental {
    id: String,
    contract: Contract,
}

impl Life {
    /// What became of each of its contracts.
    pub(super) fn statuses(&self) -> impl Iterator<Item = &'static str> {
        self.rentals.iter().map(|rental| rental.contract.status)
    }

    fn last(&mut self) -> &mut Rental {
        self.rentals.last_mut().expect("it has begun")
    }

    fn noted(&mut self, today: Number, what: impl Into<String>) {
        let what = what.into();
        self.log.push(format!("{} {what}", days::text(today)));
    }
}

impl<'a> Office<'a> {
    pub(super) fn new(app: &'a App, units: i64, ahead: i64, random: Random) -> Office<'a> {
        Office {
            app,
            settings: Value::Null,
            units,
            ahead,
            random,
        }
    }

    /// The day in the tenant's time zone.
    pub(super) fn today(&self) -> Number {
        days::since_1970(self.app.clock().now().as_second() + self.ahead)
    }

    fn major(&self, minor: i64) -> Value {
        json!(minor as f64 / self.units as f64)
    }

    /// Sets all settings that money depends on to random values.
    pub(super) async fn change_settings(&mut self) {
        self.settings = settings(&mut self.random, self.units);
        let change = self.settings.clone();
        self.app.patch("/v1/settings", change).await.is(200);
    }

    /// Runs what happens by itself.
    pub(super) async fn end_contracts(&self, lives: &mut [Option<Life>]) {
        // A contract that ended long ago is renewed by a few terms at a time.
        for _ in 0..4 {
            let outcome = self.app.service.end_contracts().await;
            outcome.expect("the job runs");
        }
        let today = self.today();
        for life in lives.iter_mut().flatten() {
            life.last().contract.settle(&self.settings, today);
        }
    }

    fn offer(&mut self, business: bool) -> Offer {
        let start = match self.random.below(6) {
            0..=2 => 0,
            3 => self.random.within(1, 200),
            _ => -self.random.within(1, 600),
        };
        let months = match self.random.below(10) {
            0 => self.random.within(1, 120),
            1 => 1,
            _ => self.random.within(1, 24),
        };
        let options = [
            None,
            Some("immediate"),
            Some("first_of_next_month"),
            Some("same_day_next_month"),
        ];
        Offer {
            start: self.today() + start,
            months,
            price: match self.random.below(8) {
                0 => self.random.within(1, 9),
                _ => self.random.within(1, 30_000),
            },
            setup_fee: self.random.below(2) * self.random.below(9_000),
            business,
            option: *self.random.pick(&options),
            list_price: self.random.chance(60).then(|| self.random.below(200_000)),
        }
    }

    /// Lists a device at the price of an offer.
    async fn list(&self, name: &str, offer: &Offer) {
        let mut variant = json!({
            "variantSku": name, "variantName": name, "grade": "A",
            "pricing": [{
                "contractLength": offer.months, "monthlyPrice": self.major(offer.price),
                "setupFee": self.major(offer.setup_fee)
            }]
        });
        if let Some(price) = offer.list_price {
            variant["listPrice"] = self.major(price);
        }
        let product = json!({
            "productSku": format!("P-{name}"), "name": name, "specification": "16 GB",
            "category": "laptops", "brand": "Acme", "variants": [variant]
        });
        self.app.post("/v1/products", product).await.is(201);
        self.app.asset(name, name).await;
    }

    /// Orders a device and hands it out.
    pub(super) async fn begin(&mut self, name: &str) -> Life {
        let business = self.random.chance(50);
        let offer = self.offer(business);
        self.list(name, &offer).await;
        let mut order = order_body(&format!("{name}@example.com"), name, 1);
        order["items"][0]["contractLength"] = json!(offer.months);
        if business {
            order["customer"]["customerType"] = json!("business");
        }
        let answer = self.app.post("/v1/orders", order).await;
        answer.is(201);
        let order = answer.text("/orderId");
        let customer = answer.text("/order/customer/customerId");
        self.app.confirm(&order).await;
        let mut body = json!({
            "orderId": order, "customerId": customer, "assetSerialNumber": name
        });
        if offer.start != self.today() {
            body["startDate"] = json!(days::text(offer.start));
        }
        if let Some(option) = offer.option {
            body["billingStartOption"] = json!(option);
        }
        let answer = self.app.post("/v1/subscriptions", body).await;
        answer.is(201);
        let mut life = Life {
            name: name.to_owned(),
            customer,
            business,
            rentals: Vec::new(),
            log: Vec::new(),
        };
        life.noted(self.today(), format!("{offer:?} {}", self.settings));
        life.rentals.push(Rental {
            id: answer.text("/rentalId"),
            contract: Contract::begin(&self.settings, offer),
        });
        life
    }

    /// Something happens to a contract.
    pub(super) async fn visit(&mut self, life: &mut Life) {
        match self.random.below(10) {
            0..=2 => self.extend(life).await,
            3 => self.upgrade(life).await,
            4 => self.replace(life).await,
            5..=7 => self.pay(life).await,
            8 => self.quotes(life).await,
            _ => {}
        }
        if self.random.chance(10) {
            self.check(life).await;
        }
    }

    async fn act(
        &self,
        life: &mut Life,
        action: &str,
        body: Value,
    ) -> crate::suite::support::Answer {
        life.noted(self.today(), format!("{action} {body}"));
        let path = format!("/v1/subscriptions/{}/{action}", life.last().id);
        self.app.post(&path, body).await
    }

    /// Refused as every operation on a contract that has ended is.
    async fn over(&self, life: &mut Life, action: &str, body: Value) -> bool {
        let over = life.last().contract.status != "active";
        if over {
            let answer = self.act(life, action, body).await;
            answer.refused(400, "SUBSCRIPTION_NOT_ACTIVE");
        }
        over
    }

    async fn extend(&mut self, life: &mut Life) {
        let months = self.random.within(1, 18);
        let price = self.random.chance(50).then(|| self.random.below(30_000));
        let mut body = json!({ "extensionMonths": months, "reason": "more time" });
        if let Some(price) = price {
            body["newMonthlyAmount"] = self.major(price);
        }
        if self.over(life, "extend", body.clone()).await {
            return;
        }
        let answer = self.act(life, "extend", body).await;
        let contract = &mut life.last().contract;
        if contract.months + months > 120 {
            answer.refused(400, "INVALID_EXTENSION_MONTHS");
            return;
        }
        contract.extend(&self.settings, months, price.unwrap_or(contract.price));
        let last = json!(days::text(contract.last_day()));
        assert_eq!(answer.is(200)["newEndDate"], last);
    }

    async fn upgrade(&mut self, life: &mut Life) {
        let name = format!("{}-{}", life.name, life.log.len());
        life.noted(self.today(), "another device is listed");
        let offer = Offer {
            start: self.today(),
            option: None,
            ..self.offer(life.business)
        };
        self.list(&name, &offer).await;
        // Not what the price list says: what the request does.
        let offer = Offer {
            price: self.random.within(1, 30_000),
            ..offer
        };
        let body = json!({
            "newSku": name, "newSerialNumber": name, "contractLength": offer.months,
            "newMonthlyAmount": self.major(offer.price), "reason": "more power"
        });
        if self.over(life, "upgrade", body.clone()).await {
            return;
        }
        let answer = self.act(life, "upgrade", body).await;
        if !flag(&self.settings, "/upgrades/enabled") {
            answer.refused(400, "FEATURE_DISABLED");
            return;
        }
        answer.is(200);
        let today = self.today();
        let old = &mut life.last().contract;
        old.end(&self.settings, today, "ended_upgrade");
        life.rentals.push(Rental {
            id: answer.text("/newRentalId"),
            contract: Contract::begin(&self.settings, offer),
        });
    }

    /// Another device; nothing else changes.
    async fn replace(&mut self, life: &mut Life) {
        let sku = {
            let id = &life.last().id;
            let answer = self.app.get(&format!("/v1/subscriptions/{id}")).await;
            answer.text("/sku")
        };
        let serial = format!("{}-R{}", life.name, life.log.len());
        self.app.asset(&serial, &sku).await;
        let body = json!({ "newSerialNumber": serial, "replacementReason": "damaged" });
        if !self.over(life, "replace", body.clone()).await {
            self.act(life, "replace", body).await.is(200);
        }
    }

    /// Settles some payment of some contract of this life, or tries to.
    async fn pay(&mut self, life: &mut Life) {
        for _ in 0..self.random.within(1, 4) {
            let which = self
                .random
                .below(i64::try_from(life.rentals.len()).expect("a few"));
            let which = usize::try_from(which).expect("below the length");
            let rows = self.stored(&life.rentals[which].id).await;
            let row = self.random.pick(&rows);
            let (action, becomes, busy, cancelled) = *self.random.pick(&[
                ("mark-paid", "paid", false, "PAYMENT_CANCELLED"),
                ("mark-paid", "paid", false, "PAYMENT_CANCELLED"),
                ("cancel", "cancelled", false, "ALREADY_CANCELLED"),
                ("record-attempt", "processing", false, "PAYMENT_CANCELLED"),
                ("record-attempt", "failed", true, "PAYMENT_CANCELLED"),
            ]);
            let body = match action {
                "mark-paid" => json!({}),
                "cancel" => json!({ "reason": "waived" }),
                _ => json!({ "status": becomes }),
            };
            let path = format!("/v1/payments/{}/{action}", row.id);
            let answer = self.app.post(&path, body).await;
            let key = &row.idempotency_key;
            life.noted(self.today(), format!("{key} {action} {becomes}"));
            let rental = &mut life.rentals[which];
            let owed = rental.contract.payments.iter_mut();
            let mut owed = owed.filter(|it| *key == format!("{}:{}", rental.id, it.key));
            let payment = owed.next().expect("it is owed");
            match payment.status {
                "paid" => drop(answer.refused(400, "ALREADY_PAID").clone()),
                "cancelled" => drop(answer.refused(400, cancelled).clone()),
                "processing" if !busy => drop(answer.refused(400, "PAYMENT_PROCESSING").clone()),
                _ => {
                    assert_eq!(answer.is(200)["payment"]["status"], becomes);
                    payment.status = becomes;
                }
            }
        }
    }

    /// What an end today would cost.
    async fn quotes(&mut self, life: &mut Life) {
        let rental = json!({ "rentalId": life.last().id });
        let (settings, today) = (self.settings.clone(), self.today());
        let paths = ["calculate-buyout", "calculate-early-return-fee"];
        let mut answers = Vec::new();
        for path in paths {
            let path = format!("/v1/subscriptions/{path}");
            answers.push(self.app.post(&path, rental.clone()).await);
        }
        let contract = &life.last().contract;
        if contract.status != "active" {
            for answer in answers {
                answer.refused(400, "SUBSCRIPTION_NOT_ACTIVE");
            }
            return;
        }
        let [payments, device] = contract.buyout(&settings, today, self.units);
        let fee = contract.return_fee(&settings, today, self.units);
        let quote = answers[0].is(200);
        let found = ["buyoutPrice", "remainingPayments", "depreciatedValue"].map(|it| &quote[it]);
        let expected = [payments + device, payments, device].map(|it| self.major(it));
        assert_eq!(found, expected.each_ref(), "{:#?}", life.log);
        let quote = answers[1].is(200);
        assert_eq!(quote["earlyReturnFee"], self.major(fee), "{:#?}", life.log);
    }

    /// Ends the last contract in some way, or leaves it.
    pub(super) async fn end(&mut self, life: &mut Life) {
        self.quotes(life).await;
        let today = self.today();
        match self.random.below(10) {
            0 | 1 => {
                let answer = self.act(life, "complete", json!({})).await;
                let contract = &mut life.last().contract;
                if contract.status != "active" {
                    answer.refused(400, "SUBSCRIPTION_NOT_ACTIVE");
                } else if today < contract.last_day() {
                    answer.refused(400, "CONTRACT_NOT_ENDED");
                } else {
                    answer.is(200);
                    contract.end(&self.settings, today, "ended_completed");
                }
            }
            2..=4 => self.buyout(life).await,
            5..=7 => self.early_return(life).await,
            8 => {
                let body = json!({ "reason": "other" });
                let answer = self.act(life, "cancel", body).await;
                let contract = &mut life.last().contract;
                match contract.status {
                    "active" => {
                        answer.is(200);
                        contract.end(&self.settings, today, "cancelled");
                    }
                    "cancelled" => drop(answer.refused(400, "ALREADY_CANCELLED").clone()),
                    _ => drop(answer.refused(400, "ALREADY_ENDED").clone()),
                }
            }
            _ => {}
        }
        if self.random.chance(40) {
            self.pay(life).await;
        }
    }

    /// An amount that the caller names instead of a calculated one.
    fn named(&mut self, calculated: i64) -> Option<i64> {
        match self.random.below(6) {
            0 => Some(0),
            1 => Some(calculated),
            2 => Some(self.random.below(90_000)),
            _ => None,
        }
    }

    async fn buyout(&mut self, life: &mut Life) {
        let (settings, today) = (self.settings.clone(), self.today());
        let contract = &life.last().contract;
        let calculated: i64 = contract.buyout(&settings, today, self.units).iter().sum();
        let named = self.named(calculated);
        let mut body = json!({ "reason": "other" });
        if let Some(price) = named {
            body["buyoutPrice"] = self.major(price);
        }
        if self.over(life, "buyout", body.clone()).await {
            return;
        }
        let answer = self.act(life, "buyout", body).await;
        let free = flag(&settings, "/buyout/allowManualOverride");
        let price = named.unwrap_or(calculated);
        if !flag(&settings, "/buyout/enabled") {
            answer.refused(400, "FEATURE_DISABLED");
        } else if price != calculated && (price == 0 || !free) {
            answer.refused(400, "INVALID_BUYOUT_PRICE");
        } else {
            assert_eq!(answer.is(200)["buyoutPrice"], self.major(price));
            let contract = &mut life.last().contract;
            contract.end(&settings, today, "ended_buyout");
            if price > 0 {
                contract.once(&settings, today, "buyout", price);
            }
        }
    }

    async fn early_return(&mut self, life: &mut Life) {
        let (settings, today) = (self.settings.clone(), self.today());
        let calculated = life
            .last()
            .contract
            .return_fee(&settings, today, self.units);
        let named = self.named(calculated);
        let mut body = json!({ "reason": "done", "returnCondition": "good" });
        if let Some(fee) = named {
            body["earlyReturnFee"] = self.major(fee);
        }
        if self.over(life, "early-return", body.clone()).await {
            return;
        }
        let answer = self.act(life, "early-return", body).await;
        let free = flag(&settings, "/earlyReturn/allowManualOverride");
        let fee = named.unwrap_or(calculated);
        if !flag(&settings, "/earlyReturn/enabled") {
            answer.refused(400, "FEATURE_DISABLED");
        } else if fee != calculated && !free {
            answer.refused(400, "INVALID_FEE");
        } else {
            assert_eq!(answer.is(200)["earlyReturnFee"], self.major(fee));
            let contract = &mut life.last().contract;
            contract.end(&settings, today, "ended_early_return");
            if fee > 0 {
                contract.once(&settings, today, "early-return", fee);
            }
        }
    }

    async fn stored(&self, rental: &str) -> Vec<PaymentRow> {
        let (rental, store) = (rental.to_owned(), self.app.service.store());
        let tenant = TENANT.into();
        let rows = store.read_in(&tenant, move |tx| store::payments::of_rental(tx, &rental));
        rows.await.expect("payments are readable")
    }

    /// Holds everything that is said of contracts and their payments against the calculation.
    pub(super) async fn check(&self, life: &Life) {
        for rental in &life.rentals {
            let at = || {
                format!(
                    "{} on {}\n{:#?}",
                    rental.id,
                    days::text(self.today()),
                    life.log
                )
            };
            let mut expected: Vec<Value> = Vec::new();
            for payment in &rental.contract.payments {
                let [net, tax, gross] = payment.amounts.map(|it| self.major(it));
                expected.push(json!({
                    "idempotencyKey": format!("{}:{}", rental.id, payment.key),
                    "dueDate": days::text(payment.due), "billingPeriod": payment.billing_period,
                    "subtotal": net, "taxAmount": tax, "total": gross,
                    "taxRate": payment.rate as f64 / 100.0, "status": payment.status,
                }));
            }
            expected.sort_by_key(|it| it["idempotencyKey"].to_string());
            assert_eq!(
                self.listed(&rental.id, &expected).await,
                expected,
                "{}",
                at()
            );
            let contract = &rental.contract;
            let mut periods: Vec<_> = contract.payments.iter().map(|it| it.period).collect();
            periods.sort_unstable();
            let rows = self.stored(&rental.id).await.into_iter();
            let day = |day: jiff::civil::Date| days::parse(&day.to_string());
            let mut stored: Vec<_> = rows
                .map(|row| row.period_start.map(day).zip(row.period_end.map(day)))
                .collect();
            stored.sort_unstable();
            assert_eq!(stored, periods, "{}", at());

            let shown = self
                .app
                .get(&format!("/v1/subscriptions/{}", rental.id))
                .await;
            let mut expected = json!({
                "status": contract.status, "contractLength": contract.months,
                "originalContractLength": contract.offer.months,
                "monthlyAmount": self.major(contract.price),
                "startDate": days::text(contract.offer.start),
                "endDate": days::text(contract.last_day()),
                "totalCollected": self.major(contract.collected()),
            });
            if let Some(due) = contract.next_due() {
                expected["nextBillingDate"] = json!(days::text(due));
            }
            if let Some(rented) = contract.rented {
                expected["actualMonthsRented"] = json!(rented);
                expected["monthsSaved"] = json!((contract.months - rented).max(0));
            }
            let mut found = shown.is(200).clone();
            let kept = found.as_object_mut().expect("an object");
            kept.retain(|name, _| {
                let absent = ["nextBillingDate", "actualMonthsRented", "monthsSaved"];
                expected.get(name).is_some() || absent.contains(&name.as_str())
            });
            assert_eq!(found, expected, "{}", at());
        }
        let collected: i64 = life.rentals.iter().map(|it| it.contract.collected()).sum();
        let customer = self.app.get_customer(&life.customer).await;
        assert_eq!(
            customer["lifetimeCollected"],
            self.major(collected),
            "{:#?}",
            life.log
        );
    }

    /// All payments of a subscription, page by page, as far as `like` names properties.
    async fn listed(&self, rental: &str, like: &[Value]) -> Vec<Value> {
        let first = format!("/v1/payments?rentalId={rental}&limit=100");
        let (mut path, mut found) = (first.clone(), Vec::new());
        loop {
            let page = self.app.get(&path).await;
            let payments = page.is(200)["payments"].as_array().expect("a list").clone();
            found.extend(payments.into_iter().map(|mut payment| {
                let shown = payment.as_object_mut().expect("an object");
                shown.retain(|name, _| like.first().is_some_and(|it| it.get(name).is_some()));
                payment
            }));
            match page.body["nextCursor"].as_str() {
                Some(cursor) => path = format!("{first}&startAfter={cursor}"),
                None => break,
            }
        }
        found.sort_by_key(|it| it["idempotencyKey"].to_string());
        found
    }
}
