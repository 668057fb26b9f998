//! The zone of the servers' own clocks, as far as the inputs agree on one.

use crate::pegasus::Zone;
use crate::report::InputEntry;

impl Zone {
    /// [`Zone::Log`] replaced by the offset that all inputs share, or by UTC when they share none.
    ///
    /// Histories carry no offsets, so the text of a timeline takes `Log` for UTC; settle it before.
    #[must_use]
    pub fn settled(self, inputs: &[InputEntry]) -> Self {
        match self {
            Self::Log => common_offset(inputs).map_or(Self::Utc, Self::Fixed),
            Self::Utc | Self::Fixed(_) | Self::Local | Self::Named(_) => self,
        }
    }
}

/// The offset that all inputs with a known one share, in seconds.
pub(super) fn common_offset(inputs: &[InputEntry]) -> Option<i32> {
    let mut known = inputs.iter().filter_map(offset_of);
    let first = known.next()?;
    known.all(|o| o == first).then_some(first)
}

/// An input's offset in seconds, if a zone on Earth can have it.
pub(super) fn offset_of(input: &InputEntry) -> Option<i32> {
    let minutes = i32::try_from(input.utc_offset_minutes?).ok()?;
    (minutes.abs() < 24 * 60).then_some(minutes * 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::samples;

    #[test]
    fn the_logs_zone_is_what_the_inputs_agree_on() {
        let mut inputs = samples::stuck().inputs;
        assert_eq!(Zone::Log.settled(&inputs), Zone::Fixed(28_800));
        assert_eq!(Zone::Utc.settled(&inputs), Zone::Utc);
        inputs[0].utc_offset_minutes = Some(60);
        assert_eq!(Zone::Log.settled(&inputs), Zone::Utc);
        assert_eq!(Zone::Log.settled(&[]), Zone::Utc);
    }
}
