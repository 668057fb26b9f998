//! What an answer of a server or a shell, and a line of a configuration, means for a duplication.

use crate::event::EventKind as E;

/// Both sentences.
pub(super) const ANSWERS: &[(E, &str, &str)] = &[
    (E::AddDupTyped, "an operator typed the command that adds the duplication", "运维人员输入了添加热备份的命令"),
    (E::AddDupAnswered, "the shell showed that the duplication was added", "shell 显示热备份已添加"),
    (E::AddDupRefused, "the shell showed that the duplication was refused", "shell 显示添加热备份被拒绝"),
    (E::AddDupHollow, "the shell showed success, but ids of 0: nothing was started", "shell 显示成功，但编号为 0：实际未启动"),
    (E::ModifyDupAnswered, "the shell showed what became of a change of the duplication", "shell 显示修改热备份的结果"),
    (E::NoDupAnswered, "a table was asked about, and has no duplication", "查询结果：该表没有热备份"),
    (E::QueryDupRefused, "a table's duplications were asked for, and the answer was an error", "查询该表的热备份时返回错误"),
    (E::ConfigFault, "a setting of a config.ini fails when a server needs it", "config.ini 中有一项设置在使用时会出错"),
    (E::ConfigMisread, "Pegasus does not read a line of a config.ini as it was meant", "config.ini 中有一行未按预期被 Pegasus 读取"),
    (E::DupAnswered, "the meta server answered what state the duplication is in", "元数据服务器回答了热备份的状态"),
    (E::DupNotAnswered, "the meta server does not list the duplication any more", "元数据服务器不再列出该热备份"),
    (E::PendingAnswered, "a replica server answered how much of a partition is not shipped yet", "副本服务器回答了分片还有多少未发送"),
];
