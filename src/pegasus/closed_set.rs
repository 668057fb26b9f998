//! Sets of which all members are known: each is printed and read by one name.

use thiserror::Error;

/// A name that is not in its set.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("unknown {set} {name:?}")]
pub struct UnknownName {
    /// What the set is of.
    pub set: &'static str,
    /// The name.
    pub name: String,
}

/// Makes an enum whose members are printed, parsed and serialised by the name that stands behind them.
macro_rules! closed_set {
    ($(#[$about:meta])* $set:ident, $what:literal { $($(#[$doc:meta])* $member:ident = $name:literal,)+ }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        pub enum $set {
            $($(#[$doc])* #[serde(rename = $name)] $member,)+
        }

        impl $set {
            /// Every member, in order.
            pub const ALL: &'static [Self] = &[$(Self::$member),+];

            /// The name by which it is printed, read and serialised.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$member => $name,)+
                }
            }
        }

        impl std::fmt::Display for $set {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.name())
            }
        }

        impl std::str::FromStr for $set {
            type Err = $crate::pegasus::UnknownName;

            fn from_str(name: &str) -> Result<Self, Self::Err> {
                let unknown = || $crate::pegasus::UnknownName { set: $what, name: name.to_owned() };
                Self::ALL.iter().find(|member| member.name() == name).copied().ok_or_else(unknown)
            }
        }
    };
}
pub(crate) use closed_set;
