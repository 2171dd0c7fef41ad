//! What becomes of a schema: which kind of type its demands amount to.

use std::collections::HashMap;

use contract_document::child;
use serde_json::Value;

use super::facts::{Facts, Group, Part, first_place};
use super::families::includes_component;
use super::pattern::Patterns;
use super::whole::takes_null;
use crate::Formats;
use crate::lower::values::Types;
use crate::lower::{MAX_DEPTH, Problems, Source};

/// What a schema amounts to, apart from `null`.
#[derive(Debug)]
pub(in crate::lower) enum Plan<'a> {
    Any,
    Binary,
    /// The same as these parts.
    Same(Vec<Part>),
    /// A single value.
    Literal(Value),
    /// A closed set of text.
    Texts(Vec<String>),
    /// A closed set of numbers, of that type.
    Numbers(Vec<serde_json::Number>, Types),
    Choices(Choices<'a>),
    /// One of several types.
    Types(Types),
    /// A single type, by its own rules.
    One(Types),
}

/// The choices of a `oneOf` or `anyOf` that are left.
#[derive(Debug)]
pub(in crate::lower) struct Choices<'a> {
    pub(super) group: Group<'a>,
    /// Place of the choice, and everything that has to hold for it.
    pub(in crate::lower) each: Vec<(Part, Vec<Part>)>,
}

/// A plan, what it rests on, and whether `null` is a value.
pub(in crate::lower) struct Planned<'a> {
    pub(in crate::lower) plan: Plan<'a>,
    pub(in crate::lower) facts: Facts<'a>,
    pub(in crate::lower) nullable: bool,
}

/// Works out what schemas demand and amount to: it reads the document, refuses, and remembers what it
/// was asked before.
pub(in crate::lower) struct Planner<'a> {
    pub(in crate::lower) source: Source<'a>,
    pub(super) formats: Formats,
    pub(in crate::lower) problems: &'a mut Problems,
    /// Constraining parts → what the places around them have to know.
    outlines: HashMap<Vec<Part>, Asked>,
    pub(super) patterns: Patterns,
    /// Whether there are references that depend on the way to them.
    pub(super) is_dynamic: bool,
    /// How deep schemas stand in each other where this is.
    pub(super) depth: usize,
}

impl<'a> Planner<'a> {
    pub(in crate::lower) fn new(
        source: Source<'a>,
        formats: Formats,
        problems: &'a mut Problems,
    ) -> Planner<'a> {
        Planner {
            source,
            formats,
            problems,
            outlines: HashMap::new(),
            patterns: Patterns::default(),
            is_dynamic: source.is_dynamic(),
            depth: 0,
        }
    }

    pub(in crate::lower) fn formats(&self) -> Formats {
        self.formats
    }

    /// What `parts` amount to together; `None` after a refusal.
    pub(in crate::lower) fn plan(&mut self, parts: &[Part]) -> Option<Planned<'a>> {
        if self.depth > MAX_DEPTH {
            let pointer = first_place(parts).to_owned();
            self.refuse_circle(&pointer);
            return None;
        }
        self.depth += 1;
        let planned = self.plan_within(parts);
        self.depth -= 1;
        planned
    }

    /// Whether `null` is a value of `parts`; of what has no type, only where it says so.
    pub(in crate::lower) fn accepts_null(&mut self, parts: &[Part]) -> bool {
        self.outline(parts).is_some_and(|outline| outline.nullable)
    }

    /// Types of `parts` apart from `null`, as far as one schema tells.
    pub(in crate::lower) fn types_of(&mut self, parts: &[Part]) -> Option<Types> {
        self.outline(parts).and_then(|outline| outline.types)
    }

    /// The plan of `parts` in short, made once; `None` after a refusal.
    fn outline(&mut self, parts: &[Part]) -> Option<Outline> {
        match self.outlines.get(parts) {
            Some(Asked::Done(outline)) => return outline.clone(),
            Some(Asked::Asking) => {
                let pointer = first_place(parts).to_owned();
                self.refuse_circle(&pointer);
                return None;
            }
            None => {}
        }
        self.outlines.insert(parts.to_vec(), Asked::Asking);
        let outline = self.plan(parts).map(|planned| planned.outline());
        self.outlines
            .insert(parts.to_vec(), Asked::Done(outline.clone()));
        outline
    }

    pub(in crate::lower) fn refuse_circle(&mut self, pointer: &str) {
        self.problems.refuse(
            pointer,
            format!("schemas nest deeper than {MAX_DEPTH}, or lead back to themselves"),
            "let a schema contain itself only as a property, through a component",
        );
    }

    fn plan_within(&mut self, parts: &[Part]) -> Option<Planned<'a>> {
        let mut facts = self.facts(parts)?;
        let groups = std::mem::take(&mut facts.groups);
        let mut planned = match groups.is_empty() {
            true => self.plan_single(facts)?,
            false => self.plan_groups(parts, facts, groups)?,
        };
        // Of what is held against the whole, only the whole tells whether it is `null`.
        if planned.facts.whole {
            let is_null = matches!(planned.plan, Plan::Literal(Value::Null));
            let mut parts = parts.iter();
            if !parts.all(|part| takes_null(self.source, &part.pointer, 0)) {
                planned.nullable = false;
                planned.facts.untyped |= is_null;
            }
        }
        Some(planned)
    }

    /// The plan of what has no choices.
    fn plan_single(&mut self, facts: Facts<'a>) -> Option<Planned<'a>> {
        if facts.untyped {
            return Some(Planned {
                plan: Plan::Any,
                facts,
                nullable: false,
            });
        }
        let nullable = match (&facts.types, &facts.values) {
            (Some(types), None) => types.contains(Types::NULL),
            (None, Some(values)) => values.contains(&Value::Null),
            (Some(types), Some(values)) => {
                types.contains(Types::NULL) && values.contains(&Value::Null)
            }
            (None, None) => false,
        };
        let plan = self.plan_types(&facts)?;
        Some(Planned {
            plan,
            facts,
            nullable,
        })
    }

    fn plan_types(&mut self, facts: &Facts<'a>) -> Option<Plan<'a>> {
        if facts.binary {
            return Some(Plan::Binary);
        }
        if let Some(values) = &facts.values {
            return self.plan_values(facts, values);
        }
        let Some(types) = facts.types else {
            return Some(Plan::Any);
        };
        if types == Types::ALL && facts.demands_only(None) {
            return Some(Plan::Any);
        }
        let types = types.without(Types::NULL);
        Some(match types.each().len() {
            0 => Plan::Literal(Value::Null),
            1 => Plan::One(types),
            _ => Plan::Types(types),
        })
    }

    fn plan_values(&mut self, facts: &Facts<'a>, values: &[Value]) -> Option<Plan<'a>> {
        let at = self.values_pointer(&facts.pointer);
        let types = facts.types.unwrap_or(Types::ALL);
        let is_odd = |value: &&Value| !types.contains(Types::of(value));
        // Nobody declares values in order to forbid all of them.
        let are_all_odd = values.iter().all(|value| is_odd(&value));
        let is_meant = |value: &&Value| are_all_odd || !is_odd(value);
        if let Some(odd) = values.iter().find(is_odd) {
            let hint = match odd {
                Value::Number(_) | Value::Bool(_) => "put the value in quotes, or correct `type`",
                _ => "correct the value or `type`",
            };
            let told = match are_all_odd {
                true => "is allowed all the same",
                false => "is no value of it",
            };
            let message = format!("`{odd}` is not of the declared `type`, and {told}");
            self.problems.warn(&at, message, hint);
        }
        let others = values.iter().filter(|value| !value.is_null());
        let others: Vec<&Value> = others.filter(is_meant).collect();
        let [first, rest @ ..] = others.as_slice() else {
            return Some(Plan::Literal(Value::Null));
        };
        let texts: Vec<String> = others
            .iter()
            .filter_map(|value| value.as_str())
            .map(str::to_owned)
            .collect();
        if texts.len() == others.len() {
            return Some(Plan::Texts(texts));
        }
        let numbers: Vec<_> = others
            .iter()
            .filter_map(|value| value.as_number())
            .cloned()
            .collect();
        if numbers.len() == others.len() {
            let whole = others
                .iter()
                .all(|value| Types::of(value) == Types::INTEGER);
            let whole = whole || types.and(Types::NUMBER) == Types::INTEGER;
            return Some(Plan::Numbers(
                numbers,
                if whole { Types::INTEGER } else { Types::NUMBER },
            ));
        }
        if others.iter().all(|value| value.is_boolean()) {
            return Some(match rest {
                [] => Plan::Literal((*first).clone()),
                _ => Plan::One(Types::BOOLEAN),
            });
        }
        // Of several types they are held against the whole.
        Some(Plan::Any)
    }

    /// Where the values of the schema at `pointer` stand.
    fn values_pointer(&self, pointer: &str) -> String {
        let key = ["enum", "const"].into_iter().map(|key| child(pointer, key));
        key.into_iter()
            .find(|at| self.source.get(at).is_some())
            .unwrap_or(pointer.to_owned())
    }

    fn plan_groups(
        &mut self,
        parts: &[Part],
        mut facts: Facts<'a>,
        groups: Vec<Group<'a>>,
    ) -> Option<Planned<'a>> {
        if facts.untyped {
            return self.plan_single(facts);
        }
        if facts.open {
            // The choices say of which types values are.
            (facts.types, facts.open) = (None, false);
        }
        let base_allows_null = facts.types.is_none_or(|types| types.contains(Types::NULL))
            && facts
                .values
                .as_ref()
                .is_none_or(|values| values.contains(&Value::Null));
        let mut nullable = base_allows_null;
        let mut singles = Vec::new();
        let mut several: Option<Group<'a>> = None;
        let mut too_many = false;
        for mut group in groups {
            let (mut null_choices, mut open_choices) = (0_usize, false);
            let mut left = Vec::new();
            for choice in std::mem::take(&mut group.choices) {
                let outline = self.outline(std::slice::from_ref(&choice))?;
                null_choices += usize::from(outline.nullable);
                open_choices |= outline.is_any;
                if !outline.only_null {
                    left.push(choice);
                }
            }
            nullable &= if group.exactly_one {
                null_choices == 1
            } else {
                null_choices > 0
            };
            // Of a choice that is anything, only the whole tells whether it is `null`, too.
            facts.whole |= group.exactly_one && open_choices && null_choices > 0;
            group.choices = left;
            if let Some(index) = self.absorbing(&group) {
                group.choices = vec![group.choices.swap_remove(index)];
            }
            match group.choices.as_slice() {
                [] => {}
                [single] => singles.push(single.clone()),
                _ if several.is_some() => too_many = true,
                _ => several = Some(group),
            }
        }
        if too_many {
            // Several unions at once are no type: what stands beside them is.
            facts.whole = true;
            facts.untyped = facts.types.is_none() && facts.values.is_none();
            let mut planned = self.plan_single(facts)?;
            planned.nullable &= nullable;
            return Some(planned);
        }
        let bare: Vec<Part> = parts.iter().map(Part::bare).collect();
        let plan = match several {
            None if singles.is_empty() && !nullable => {
                // Only `null` is left, which the rest does not allow.
                (facts.whole, facts.untyped) = (true, true);
                Plan::Any
            }
            None if singles.is_empty() => Plan::Literal(Value::Null),
            None => Plan::Same(self.with_base(&facts, &bare, &[], singles)),
            Some(group) => match self.values_of(&group)? {
                Some(values) if singles.is_empty() => {
                    let mut facts = facts.clone();
                    if let Some(own) = facts.values.take() {
                        facts.values =
                            Some(values.into_iter().filter(|v| own.contains(v)).collect());
                    } else {
                        facts.values = Some(values);
                    }
                    facts.types = facts.types.map(|types| types.or(Types::NULL));
                    self.plan_types(&facts)?
                }
                _ => {
                    let choices = group.choices.clone();
                    let each = choices.into_iter().map(|choice| {
                        let all = vec![choice.clone()];
                        (choice, self.with_base(&facts, &bare, &singles, all))
                    });
                    let each = each.collect();
                    Plan::Choices(Choices { group, each })
                }
            },
        };
        Some(Planned {
            plan,
            facts,
            nullable,
        })
    }

    /// `choice` with what is demanded beside it, unless that says nothing more.
    fn with_base(
        &mut self,
        base: &Facts<'a>,
        bare: &[Part],
        singles: &[Part],
        choice: Vec<Part>,
    ) -> Vec<Part> {
        let types = self.types_of(&choice);
        let mut all = Vec::new();
        if let (Some(own), Some(types)) = (base.types, types)
            && own.and(types).is_empty()
            && !types.is_empty()
        {
            let message =
                "`type` beside the choices leaves no value of this one, and is not read for it";
            let at = first_place(&choice).to_owned();
            let problems = &mut self.problems;
            problems.warn(
                &at,
                message,
                "correct `type` of the choice, or the one beside the choices",
            );
            return choice;
        }
        // A choice that includes what it is a choice of says the same already.
        let is_said = bare.iter().all(|base| {
            let mut choices = choice.iter();
            choices.any(|choice| includes_component(self.source, &choice.pointer, &base.pointer))
        });
        if !is_said && !base.demands_only(types) {
            all.extend_from_slice(bare);
        }
        all.extend_from_slice(singles);
        all.extend(choice);
        all
    }

    /// A choice of an `anyOf` of text that is any text, so that the others add nothing.
    fn absorbing(&mut self, group: &Group<'a>) -> Option<usize> {
        if group.exactly_one || group.choices.len() < 2 {
            return None;
        }
        let mut absorbing = None;
        for (index, choice) in group.choices.iter().enumerate() {
            let outline = self.outline(std::slice::from_ref(choice))?;
            if outline.types.map(|types| types.without(Types::NULL)) != Some(Types::STRING) {
                return None;
            }
            if outline.any_text {
                absorbing = Some(index);
            }
        }
        absorbing
    }

    /// Values of a group whose every choice is a closed set of text or numbers.
    fn values_of(&mut self, group: &Group<'a>) -> Option<Option<Vec<Value>>> {
        let mut all: Vec<(Value, usize)> = Vec::new();
        for choice in &group.choices {
            let Some(values) = self.outline(std::slice::from_ref(choice))?.values else {
                return Some(None);
            };
            for value in values {
                match all.iter_mut().find(|(known, _)| *known == value) {
                    Some((_, times)) => *times += 1,
                    None => all.push((value, 1)),
                }
            }
        }
        all.retain(|(_, times)| !group.exactly_one || *times == 1);
        let mut types = all
            .iter()
            .map(|(value, _)| Types::of(value).and(Types::STRING));
        let first = types.next();
        if types.any(|types| Some(types) != first) {
            return Some(None);
        }
        Some(Some(all.into_iter().map(|(value, _)| value).collect()))
    }
}

impl Planned<'_> {
    fn outline(&self) -> Outline {
        let whole = self.facts.whole;
        let is_any = self.facts.is_untyped() || matches!(self.plan, Plan::Any);
        let only_null = matches!(self.plan, Plan::Literal(Value::Null)) && !whole;
        let values = match &self.plan {
            _ if whole => None,
            Plan::Texts(texts) => Some(texts.iter().cloned().map(Value::String).collect()),
            Plan::Numbers(numbers, _) => Some(numbers.iter().cloned().map(Value::Number).collect()),
            _ => None,
        };
        let types = match &self.plan {
            _ if is_any => None,
            Plan::Texts(_) | Plan::Binary => Some(Types::STRING),
            Plan::Numbers(_, types) | Plan::Types(types) | Plan::One(types) => Some(*types),
            Plan::Literal(value) => Some(Types::of(value)),
            Plan::Any | Plan::Same(_) | Plan::Choices(_) => self.facts.types,
        };
        let any_text =
            matches!(self.plan, Plan::One(Types::STRING)) && self.facts.demands_only(types);
        Outline {
            nullable: (self.nullable || only_null) && !is_any,
            only_null,
            is_any,
            types,
            any_text,
            values,
        }
    }
}

/// What the places around a schema have to know of it.
#[derive(Debug, Clone)]
pub(super) struct Outline {
    nullable: bool,
    only_null: bool,
    /// Values are of any type, as far as types tell.
    is_any: bool,
    /// Types of the values apart from `null`, as far as the schema alone tells.
    types: Option<Types>,
    /// Any text is a value.
    any_text: bool,
    /// Closed set of text or numbers.
    values: Option<Vec<Value>>,
}

/// An outline that was asked for.
#[derive(Debug)]
pub(super) enum Asked {
    Asking,
    Done(Option<Outline>),
}
