//! Learning and group checks, as far as duplication shows in them.

use super::EventKind as E;
use super::pattern::{Level, Pattern, Prefix, Role, pattern};

/// The messages of this theme.
pub(super) const PATTERNS: &[Pattern] = &[
    pattern(
        E::GroupCheck,
        Role::Replica,
        Level::Info,
        "replica_check.cpp",
        Prefix::Replica,
        "process group check, primary = {primary:str}, ballot = {ballot:int}, status = {replica_status:enum}, last_committed_decree = {last_committed_decree:int}, confirmed_decree = {confirmed_decree:int}",
        &[
            "[3.2@10.30.5.17:34801] process group check, primary = primary, ballot = 17, status = PS_PRIMARY, last_committed_decree = 17, confirmed_decree = 1523",
        ],
    ),
    pattern(
        E::GroupCheck,
        Role::Replica,
        Level::Info,
        "replica_check.cpp",
        Prefix::Replica,
        "process group check, primary = {node:addr}, ballot = {ballot:int}, status = {replica_status:enum}, last_committed_decree = {last_committed_decree:int}, confirmed_decree = {confirmed_decree:int}",
        &[
            "[3.2@10.30.5.17:34801] process group check, primary = 10.30.5.17:34801, ballot = 17, status = PS_PRIMARY, last_committed_decree = 17, confirmed_decree = 1523",
        ],
    ),
    pattern(
        E::LearnNoPlog,
        Role::Replica,
        Level::Warning,
        "replica_learn.cpp",
        Prefix::Replica,
        "no plog to be learned for duplication, continue as normal",
        &["[3.2@10.30.5.17:34801] no plog to be learned for duplication, continue as normal"],
    ),
    pattern(
        E::LearnStepBack,
        Role::Replica,
        Level::Info,
        "replica_learn.cpp",
        Prefix::Replica,
        "learn_start_decree steps back to {learn_start_decree:str} to ensure learner having enough logs for duplication [confirmed_decree={min_confirmed_decree:int}, learner_gced_decree={max_gced_decree:int}]",
        &[
            "[3.2@10.30.5.17:34801] learn_start_decree steps back to learn-start-decree to ensure learner having enough logs for duplication [confirmed_decree=17, learner_gced_decree=17]",
        ],
    ),
    pattern(
        E::LearnStepBack,
        Role::Replica,
        Level::Info,
        "replica_learn.cpp",
        Prefix::None,
        "{replica_name:str}: on_learn[{signature:hex}]: learner = {learner:str}, choose to learn private logs, because learn_start_decree steps back for duplication",
        &[
            "replica-name: on_learn[1a2b3c]: learner = learner, choose to learn private logs, because learn_start_decree steps back for duplication",
        ],
    ),
    pattern(
        E::LearnStepBack,
        Role::Replica,
        Level::Info,
        "replica_learn.cpp",
        Prefix::Replica,
        "on_learn[{signature:hex}]: learner = {learner:str}, choose to learn private logs, because learn_start_decree steps back for duplication",
        &[
            "[3.2@10.30.5.17:34801] on_learn[1a2b3c]: learner = learner, choose to learn private logs, because learn_start_decree steps back for duplication",
        ],
    ),
    pattern(
        E::LearnStepBack,
        Role::Replica,
        Level::Info,
        "replica_learn.cpp",
        Prefix::Replica,
        "on_learn[{signature:hex}]: learner = {node:addr}, choose to learn private logs, because learn_start_decree steps back for duplication",
        &[
            "[3.2@10.30.5.17:34801] on_learn[1a2b3c]: learner = 10.30.5.17:34801, choose to learn private logs, because learn_start_decree steps back for duplication",
        ],
    ),
    pattern(
        E::LearnerAdded,
        Role::Replica,
        Level::Info,
        "replica_learn.cpp",
        Prefix::Replica,
        "process add learner, primary = {primary:str}, ballot ={ballot:int}, status ={replica_status:enum}, last_committed_decree = {last_committed_decree:int}, duplicating = {duplicating:str}",
        &[
            "[3.2@10.30.5.17:34801] process add learner, primary = primary, ballot =17, status =PS_PRIMARY, last_committed_decree = 17, duplicating = duplicating",
        ],
    ),
    pattern(
        E::LearnerAdded,
        Role::Replica,
        Level::Info,
        "replica_learn.cpp",
        Prefix::Replica,
        "process add learner, primary = {node:addr}, ballot ={ballot:int}, status ={replica_status:enum}, last_committed_decree = {last_committed_decree:int}, duplicating = {duplicating:str}",
        &[
            "[3.2@10.30.5.17:34801] process add learner, primary = 10.30.5.17:34801, ballot =17, status =PS_PRIMARY, last_committed_decree = 17, duplicating = duplicating",
        ],
    ),
    pattern(
        E::LearnApplyPlog,
        Role::Replica,
        Level::Info,
        "replica_learn.cpp",
        Prefix::Replica,
        "apply_learned_state_from_private_log[{learning_version:str}]: duplicating={duplicating:str}, step_back={step_back:str}, learnee = {primary:str}, learn_duration = {duration_ms:str} ms, apply private log files done, file_count ={size:int}, first_learn_start_decree ={first_learn_start_decree:str}, learn_start_decree = {learn_start_decree:str}, app_committed_decree = {last_committed_decree:int}",
        &[
            "[3.2@10.30.5.17:34801] apply_learned_state_from_private_log[learning-version]: duplicating=duplicating, step_back=step-back, learnee = primary, learn_duration = duration-ms ms, apply private log files done, file_count =17, first_learn_start_decree =first-learn-start-decree, learn_start_decree = learn-start-decree, app_committed_decree = 17",
        ],
    ),
    pattern(
        E::LearnApplyPlog,
        Role::Replica,
        Level::Info,
        "replica_learn.cpp",
        Prefix::Replica,
        "apply_learned_state_from_private_log[{learning_version:str}]: learnee ={primary:str}, learned_to_decree_included({to_decree_included:str}) > last_committed_decree({last_committed_decree:int}), commit to to_decree_included",
        &[
            "[3.2@10.30.5.17:34801] apply_learned_state_from_private_log[learning-version]: learnee =primary, learned_to_decree_included(to-decree-included) > last_committed_decree(17), commit to to_decree_included",
        ],
    ),
    pattern(
        E::LearnApplyPlog,
        Role::Replica,
        Level::Info,
        "replica_learn.cpp",
        Prefix::Replica,
        "apply_learned_state_from_private_log[{learning_version:str}]: duplicating={duplicating:str}, step_back={step_back:str}, learnee = {node:addr}, learn_duration = {duration_ms:str} ms, apply private log files done, file_count ={size:int}, first_learn_start_decree ={first_learn_start_decree:str}, learn_start_decree = {learn_start_decree:str}, app_committed_decree = {last_committed_decree:int}",
        &[
            "[3.2@10.30.5.17:34801] apply_learned_state_from_private_log[learning-version]: duplicating=duplicating, step_back=step-back, learnee = 10.30.5.17:34801, learn_duration = duration-ms ms, apply private log files done, file_count =17, first_learn_start_decree =first-learn-start-decree, learn_start_decree = learn-start-decree, app_committed_decree = 17",
        ],
    ),
    pattern(
        E::LearnApplyPlog,
        Role::Replica,
        Level::Info,
        "replica_learn.cpp",
        Prefix::Replica,
        "apply_learned_state_from_private_log[{learning_version:str}]: learnee ={node:addr}, learned_to_decree_included({to_decree_included:str}) > last_committed_decree({last_committed_decree:int}), commit to to_decree_included",
        &[
            "[3.2@10.30.5.17:34801] apply_learned_state_from_private_log[learning-version]: learnee =10.30.5.17:34801, learned_to_decree_included(to-decree-included) > last_committed_decree(17), commit to to_decree_included",
        ],
    ),
];
