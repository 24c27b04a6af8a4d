"""The players in the chapters: they begin anew, say their frame, and need no script to be seen."""

import pytest
from site_inspector import ROOT, open_page, pages, serve

SITE = ROOT / "_build" / "html"
PAGES = [page for page in pages(SITE) if '<figure class="player"' in (SITE / page).read_text()]


@pytest.fixture(scope="module")
def site():
    assert PAGES, "no built site with a player: run `make book` first"
    with serve(SITE) as base:
        yield base


def frame(player):
    """What the slider says, as (number of the frame, number of frames)."""
    words = player.get_by_role("slider").get_attribute("aria-valuetext").split()
    assert words[::2] == ["frame", "of"]
    return int(words[1]), int(words[3])


def wait_for(page, player, text):
    slider = player.get_by_role("slider").element_handle()
    page.wait_for_function(
        "([slider, text]) => slider.getAttribute('aria-valuetext') === text", arg=[slider, text]
    )


@pytest.mark.parametrize("name", PAGES)
def test_players_say_their_frame_and_play_again_from_the_end(browser, site, name):
    problems = []
    with open_page(browser, site + name, problems) as page:
        for player in page.locator("figure.player").all():
            now, last = frame(player)
            assert now == 1 and last > 2
            first = player.locator("img").get_attribute("src")
            player.get_by_role("slider").press("End")
            assert frame(player) == (last, last)
            player.get_by_role("button", name="Play", exact=True).click()
            assert frame(player)[0] in (1, 2)
            wait_for(page, player, f"frame 3 of {last}")
            player.get_by_role("button", name="Pause").click()
            player.get_by_role("slider").press("Home")
            assert player.locator("img").get_attribute("src") == first
            player.get_by_role("button", name="Play backwards").click()
            assert frame(player)[0] in (last, last - 1)
            player.get_by_role("button", name="Pause").click()
            player.get_by_role("slider").press("Home")
            player.get_by_role("slider").press("ArrowRight")
            player.get_by_role("button", name="Play", exact=True).click()
            assert frame(player)[0] in (2, 3)  # only from the end
            player.get_by_role("button", name="Pause").click()
    assert problems == []


@pytest.mark.parametrize("name", PAGES)
def test_the_first_frame_is_there_without_scripts(browser, site, name):
    with open_page(browser, site + name, [], java_script_enabled=False) as page:
        for picture in page.locator("figure.player img").all():
            size = [int(picture.get_attribute(key)) for key in ("width", "height")]
            box = picture.bounding_box()
            assert picture.get_attribute("src").startswith("data:image/png")
            assert min(size) > 100
            assert box["height"] / box["width"] == pytest.approx(size[1] / size[0], rel=0.05)
