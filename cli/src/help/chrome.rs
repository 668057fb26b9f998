//! What clap itself says, in Chinese.

use super::pages::zh;

/// Literal pieces of help and of errors, longest first where one begins another.
const PIECES: &[(&str, &str)] = &[
    ("Usage:", "用法："),
    ("[OPTIONS]", "[选项]"),
    ("<COMMAND>", "<命令>"),
    ("[COMMAND]", "[命令]"),
    ("Commands:", "命令："),
    ("Possible values:", "可选值："),
    ("[possible values: ", "[可选值："),
    ("[default: from the locale]", "[默认：按 locale]"),
    ("[default: ", "[默认："),
    ("[env: ", "[环境变量："),
    ("(see a summary with '-h')", "（-h 显示摘要）"),
    ("(see more with '--help')", "（--help 显示详情）"),
    ("Print this message or the help of the given subcommand(s)", "显示本说明或某个子命令的说明"),
    ("Print help", "显示帮助"),
    ("Print version", "显示版本"),
    ("error:", "错误："),
    ("the following required arguments were not provided:", "缺少必需的参数："),
    ("unexpected argument ", "未知参数 "),
    ("unrecognized subcommand ", "未知命令 "),
    ("a value is required for ", "缺少取值："),
    (" but none was supplied", ""),
    ("invalid value ", "无效取值 "),
    ("equal sign is needed when assigning values to ", "赋值须用等号："),
    (" cannot be used multiple times", " 只能使用一次"),
    ("the argument ", "参数 "),
    (" cannot be used with:", " 不能与下列参数同时使用："),
    (" cannot be used with ", " 不能同时使用 "),
    (" requires a subcommand but one was not provided", " 需要一个子命令"),
    ("[subcommands: ", "[子命令："),
    (" for '", "，用于 '"),
    (" found", ""),
    ("tip:", "提示："),
    (" a similar argument exists: ", "是否指 "),
    (" some similar arguments exist: ", "是否指 "),
    (" a similar subcommand exists: ", "是否指 "),
    (" some similar subcommands exist: ", "是否指 "),
    (" a similar value exists: ", "是否指 "),
    (" some similar values exist: ", "是否指 "),
    (" to pass ", "要把 "),
    (" as a value, use ", " 当作取值，请写 "),
    ("For more information, try ", "更多说明见 "),
];

/// Help or an error of clap, its own words in Chinese.
pub(crate) fn translated(text: &str) -> String {
    let text = PIECES.iter().fold(text.to_owned(), |text, (english, chinese)| text.replace(english, chinese));
    // What possible values mean stands at the ends of lines.
    let lines = text.split_inclusive('\n').map(|line| match line.split_once(": ") {
        Some((value, about)) if value.trim_start().starts_with("- ") && !zh(about.trim()).is_empty() => {
            format!("{value}: {}\n", zh(about.trim()))
        }
        _ => line.to_owned(),
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_clap_are_chinese() {
        let error = "error: invalid value 'x' for '--tz <ZONE>': use log\n\nFor more information, try '--help'.\n";
        assert_eq!(translated(error), "错误： 无效取值 'x'，用于 '--tz <ZONE>': use log\n\n更多说明见 '--help'.\n");
    }
}
