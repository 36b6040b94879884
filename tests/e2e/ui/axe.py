"""Whether those who do not see, or do not use a mouse, can use a page as well: as far as axe-core can tell."""

from pathlib import Path

from playwright.async_api import Page

_AXE = Path(__file__).parents[3] / "web/node_modules/axe-core/axe.min.js"

_RUN = """async (only) => {
    const options = { resultTypes: ['violations'], ...(only.length && { runOnly: only }) };
    const { violations } = await axe.run(document, options);
    return violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .flatMap(({ id, nodes }) => nodes.map(({ target, html }) => `${id}: ${target} ${html.slice(0, 200)}`));
}"""


async def faults(page: Page, *only: str) -> list[str]:
    """What is serious or critical on the page as it is, each with its rule and element; of some rules only, if told.

    It does not look at what is not shown: open menus and dialogs first.
    """
    if not await page.evaluate("'axe' in window"):
        # Not a script element: the page's policy lets none of ours in.
        await page.evaluate(_AXE.read_text())
    found: list[str] = await page.evaluate(_RUN, list(only))
    return found
