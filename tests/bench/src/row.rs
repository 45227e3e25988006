//! A line of the report.

use serde::Serialize;

/// Goal of a row that is there to be compared with.
const FOR_INFORMATION: &str = "for information";

/// What was measured.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Row {
    name: String,
    /// Absent: it could not be measured, and the name says why.
    value: Option<f64>,
    unit: &'static str,
    /// The peer that it was measured against.
    against: Option<String>,
    /// The value divided by the peer's.
    ratio: Option<f64>,
    goal: String,
    goal_met: bool,
}

impl Row {
    /// A value without a goal.
    pub(crate) fn new(name: impl Into<String>, value: f64, unit: &'static str) -> Self {
        Self {
            name: name.into(),
            value: Some(rounded(value)),
            unit,
            against: None,
            ratio: None,
            goal: FOR_INFORMATION.to_owned(),
            goal_met: true,
        }
    }

    /// A row that should be here and could not be measured.
    pub(crate) fn missing(name: &str, why: &str, unit: &'static str, goal: &str) -> Self {
        let name = format!("{name} (not measured: {why})");
        Self { name, value: None, unit, against: None, ratio: None, goal: goal.to_owned(), goal_met: false }
    }

    /// Compares with a peer that was measured in the same run.
    pub(crate) fn against(mut self, peer: impl Into<String>, of_peer: f64) -> Self {
        self.against = Some(peer.into());
        self.ratio = self.value.filter(|_| of_peer > 0.0).map(|value| rounded(value / of_peer));
        self
    }

    /// Sets a goal and whether it was met.
    pub(crate) fn goal(mut self, goal: impl Into<String>, met: bool) -> Self {
        self.goal = goal.into();
        self.goal_met = met;
        self
    }

    /// Sets the greatest ratio to the peer that meets the goal.
    pub(crate) fn at_most_times(self, most: f64) -> Self {
        let met = self.ratio.is_some_and(|ratio| ratio <= most);
        self.goal(format!("≤ {most}× the peer"), met)
    }

    /// Sets the greatest value that meets the goal.
    pub(crate) fn at_most(self, most: f64) -> Self {
        let met = self.value.is_some_and(|value| value <= most);
        let goal = format!("≤ {most} {}", self.unit);
        self.goal(goal, met)
    }
}

/// Three decimals, or three digits where it is less than one: no measurement here is surer.
fn rounded(value: f64) -> f64 {
    let zeros = (-value.abs().log10()).floor().clamp(0.0, 9.0);
    let scale = 10_f64.powf(3.0 + zeros);
    (value * scale).round() / scale
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_goal_is_met_up_to_its_limit() {
        let row = |value| Row::new("assessment", value, "µs").against("adblock", 2.5).at_most_times(2.0);
        assert!(row(5.0).goal_met && !row(5.1).goal_met);
        assert_eq!(row(5.0).ratio, Some(2.0));
        assert_eq!([0.0, 0.000_123_45, 0.123_45, 12.345_67].map(rounded), [0.0, 0.000_123, 0.123, 12.346]);
        assert!(Row::new("size", 200.0, "KB").at_most(200.0).goal_met);
        assert!(!Row::missing("size", "no module", "KB", "≤ 200 KB").goal_met);
    }
}
