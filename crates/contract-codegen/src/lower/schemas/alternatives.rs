//! Objects that are one of several, read as one that has the properties of all.

use super::facts::{Extra, Facts, Group, Part, first_place};
use super::plan::Planner;
use crate::lower::MAX_DEPTH;
use crate::lower::values::Types;
use crate::model::{Alternative, Alternatives, MapRules};

/// One object with every property that one of several can have.
pub(in crate::lower) struct Merged<'a> {
    pub(in crate::lower) facts: Facts<'a>,
    pub(in crate::lower) alternatives: Vec<Alternatives>,
}

impl<'a> Planner<'a> {
    /// The properties that `parts`, or a choice among them, list; nothing is asked of those that choices say different
    /// things of. Which properties a choice needs is kept; what else it says is not, which is warned of. `None`: they
    /// are no objects, or refused.
    pub(in crate::lower) fn merged(&mut self, parts: &[Part]) -> Option<Merged<'a>> {
        let merged = self.merged_within(parts, 0)?;
        if !merged.is_exact {
            let message = "a form with files is read as one object: of its alternatives, only the names of their \
                           parts are looked at";
            let hint = "say by `required` alone what an alternative needs";
            self.problems.warn(first_place(parts), message, hint);
        }
        Some(Merged {
            facts: merged.facts,
            alternatives: merged.alternatives,
        })
    }

    fn merged_within(&mut self, parts: &[Part], depth: usize) -> Option<Within<'a>> {
        if depth > MAX_DEPTH {
            self.refuse_circle(first_place(parts));
            return None;
        }
        let mut facts = self.facts(parts)?;
        if facts
            .types
            .is_some_and(|types| !types.contains(Types::OBJECT))
        {
            return None;
        }
        let groups = std::mem::take(&mut facts.groups);
        // That its type shows only by its words is no demand of its own.
        let mut within = Within {
            is_exact: !facts.is_whole(),
            alternatives: Vec::new(),
            facts,
        };
        let own = within.facts.properties.iter().map(|(name, _)| name.clone());
        let own: Vec<String> = own.collect();
        for group in groups {
            self.merge(&mut within, &own, group, depth)?;
        }
        Some(within)
    }

    /// Adds the choices of a group to what lists `own` beside it.
    fn merge(
        &mut self,
        all: &mut Within<'a>,
        own: &[String],
        group: Group<'a>,
        depth: usize,
    ) -> Option<()> {
        let mut each = Vec::new();
        let mut is_exact = true;
        let mut are_all_closed = true;
        for choice in group.choices {
            // What is no object is no form.
            let Some(Within {
                facts,
                alternatives,
                is_exact: is_choice_exact,
            }) = self.merged_within(&[choice], depth + 1)
            else {
                continue;
            };
            let names = facts.properties.iter().map(|(name, _)| name.clone());
            let is_closed = matches!(facts.extra, Extra::Denied);
            are_all_closed &= is_closed;
            each.push(Alternative {
                required: facts.required.into_iter().map(|(name, _)| name).collect(),
                only: is_closed.then(|| own.iter().cloned().chain(names).collect()),
            });
            is_exact &= is_choice_exact
                && alternatives.is_empty()
                && facts.object == MapRules::default()
                && !matches!(facts.extra, Extra::Parts(_));
            for (name, places) in facts.properties {
                let properties = &mut all.facts.properties;
                let Some((_, known)) = properties.iter_mut().find(|(known, _)| *known == name)
                else {
                    properties.push((name, places));
                    continue;
                };
                if !self.are_alike(known, &places) {
                    is_exact = false;
                    // Of what only choices say, one may say the contrary of another.
                    if !own.contains(&name) {
                        known.clear();
                    }
                }
            }
        }
        if each.is_empty() {
            return None;
        }
        if are_all_closed && matches!(all.facts.extra, Extra::Absent) {
            all.facts.extra = Extra::Denied;
        }
        all.is_exact &= is_exact;
        all.alternatives.push(Alternatives {
            // What is only known by its names may be another one.
            exactly_one: group.exactly_one && is_exact,
            each,
        });
        Some(())
    }

    /// Whether two schemas are written alike.
    fn are_alike(&self, one: &[Part], other: &[Part]) -> bool {
        let schemas = |parts: &[Part]| -> Vec<_> {
            let parts = parts.iter();
            parts.map(|part| self.source.get(&part.pointer)).collect()
        };
        schemas(one) == schemas(other)
    }
}

struct Within<'a> {
    facts: Facts<'a>,
    alternatives: Vec<Alternatives>,
    /// All that is said is in `facts` and `alternatives`.
    is_exact: bool,
}
