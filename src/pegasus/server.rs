//! Which servers: meta or replica servers, of the source or of the target cluster.

use super::closed_set;

closed_set! {
    /// One of the two clusters of a duplication.
    Side, "side" {
        /// Whose table is duplicated.
        Source = "source",
        /// Which gets the copy.
        Target = "target",
    }
}

closed_set! {
    /// What a server process serves as.
    ServerRole, "server role" {
        /// A meta server.
        Meta = "meta",
        /// A replica server.
        Replica = "replica",
    }
}

closed_set! {
    /// The servers of one role in one of the two clusters.
    ServerGroup, "group of servers" {
        /// The source's meta servers.
        SourceMeta = "source meta",
        /// The source's replica servers.
        SourceReplica = "source replica",
        /// The target's meta servers.
        TargetMeta = "target meta",
        /// The target's replica servers.
        TargetReplica = "target replica",
    }
}

impl ServerGroup {
    /// The group of a side and a role.
    pub const fn of(side: Side, role: ServerRole) -> Self {
        match (side, role) {
            (Side::Source, ServerRole::Meta) => Self::SourceMeta,
            (Side::Source, ServerRole::Replica) => Self::SourceReplica,
            (Side::Target, ServerRole::Meta) => Self::TargetMeta,
            (Side::Target, ServerRole::Replica) => Self::TargetReplica,
        }
    }

    /// The cluster.
    pub const fn side(self) -> Side {
        match self {
            Self::SourceMeta | Self::SourceReplica => Side::Source,
            Self::TargetMeta | Self::TargetReplica => Side::Target,
        }
    }

    /// The role.
    pub const fn role(self) -> ServerRole {
        match self {
            Self::SourceMeta | Self::TargetMeta => ServerRole::Meta,
            Self::SourceReplica | Self::TargetReplica => ServerRole::Replica,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_a_side_and_a_role() {
        for group in ServerGroup::ALL {
            assert_eq!(ServerGroup::of(group.side(), group.role()), *group);
            assert_eq!(group.name(), format!("{} {}", group.side(), group.role()));
            assert_eq!(group.name().parse(), Ok(*group));
        }
        assert_eq!("target".parse::<ServerRole>().map_err(|e| e.to_string()), Err("unknown server role \"target\"".to_owned()));
    }
}
