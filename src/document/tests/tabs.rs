//! Which fences are alternatives to each other.

use super::super::Document;

/// The group and the name of each fence's tab.
fn tabs(page: &str) -> Vec<Option<(usize, String)>> {
    let document = Document::new(page.as_bytes().to_vec());
    let tabs = document.fences().iter().map(|fence| fence.tab.clone());
    tabs.map(|tab| tab.map(|tab| (tab.group, tab.name))).collect()
}

#[expect(clippy::unnecessary_wraps, reason = "what is compared is an option")]
fn tab(group: usize, name: &str) -> Option<(usize, String)> {
    Some((group, name.to_owned()))
}

const FENCE: &str = "```sh\na\n```\n";

#[test]
fn tabs_between_braces_are_a_group() {
    let page = format!(
        "{{{{< tabs name=\"t\" >}}}}\n{{{{% tab name=\"A\" %}}}}\n\n{FENCE}\n{{{{% /tab %}}}}\n\
         {{{{% tab name=\"B\" %}}}}\n{FENCE}{{{{% /tab %}}}}\n{{{{< /tabs >}}}}\n\n{FENCE}"
    );
    assert_eq!(tabs(&page), [tab(0, "A"), tab(0, "B"), None]);
    let page = format!(
        "{{% tabs %}}\n{{% tab title=\"A\" %}}\n{FENCE}{{% endtab %}}\n\n{{% endtabs %}}\n\
         {{% tabs %}}\n{{% tab title=\"B\" %}}\n{FENCE}{{% endtab %}}\n{{% endtabs %}}\n"
    );
    assert_eq!(tabs(&page), [tab(0, "A"), tab(1, "B")]);
}

#[test]
fn tabs_between_tags_are_a_group_and_may_stand_inside_each_other() {
    let page = format!(
        "<Tabs>\n<TabItem value=\"a\" label=\"A\">\n\n{FENCE}\n<Tabs>\n<TabItem value=\"C\">\n\n\
         {FENCE}\n</TabItem>\n</Tabs>\n\n{FENCE}\n</TabItem>\n<TabItem value=\"B\">\n{FENCE}\n\
         </TabItem>\n</Tabs>\n\n{FENCE}"
    );
    assert_eq!(tabs(&page), [tab(0, "A"), tab(1, "C"), tab(0, "A"), tab(0, "B"), None]);
}

#[test]
fn content_may_be_indented_under_its_tab() {
    let fence = FENCE.replace("```sh\na\n```\n", "    ```sh\n    a\n    ```\n");
    let page = format!(
        "=== \"A\"\n\n{fence}\n=== \"B\"\n\n    Text\n\n{fence}\nText\n\n=== \"C\"\n\n{fence}\n\
         !!! note\n\n{fence}\n{FENCE}"
    );
    assert_eq!(tabs(&page), [tab(0, "A"), tab(0, "B"), tab(1, "C"), None, None]);
    let document = Document::new(page.into_bytes());
    assert!(document.fences().iter().all(|fence| fence.flaws.is_empty()));
}

#[test]
fn lines_of_colons_hold_tabs() {
    let page = format!(
        "::::{{tab-set}}\n:::{{tab-item}} A\n{FENCE}:::\n:::{{tab-item}} B\n{FENCE}:::\n::::\n\
         ::: tip\n{FENCE}:::\n:::: tabs\n@tab C\n{FENCE}@tab D\n{FENCE}::::\n{FENCE}"
    );
    assert_eq!(tabs(&page), [tab(0, "A"), tab(0, "B"), None, tab(1, "C"), tab(1, "D"), None]);
    let page = format!("::: code-group\n```sh [A]\na\n```\n{FENCE}:::\n");
    assert_eq!(tabs(&page), [tab(0, "A"), tab(0, "sh")]);
}

#[test]
fn headings_are_tabs_between_docsifys_comments() {
    let page = format!(
        "<!-- tabs:start -->\n\n#### **A**\n\n{FENCE}\n#### **B**\n\n{FENCE}\n<!-- tabs:end -->\n\n\
         # C\n\n{FENCE}"
    );
    assert_eq!(tabs(&page), [tab(0, "A"), tab(0, "B"), None]);
}
