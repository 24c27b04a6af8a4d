"""How the experiments of chapter 12 are judged."""

from dra_exercises.chapter_12 import experiments
from dra_exercises.spec import Value, Wrong

POWER = Value(
    experiments.rewards,
    unit="reward",
    rtol=0.0,
    atol=6e-4,  # three digits after the point; the leads to be told apart are 0.0017 and 0.065
    wrong=(
        Wrong(
            lambda: experiments.rewards(power=1.0),
            "keeps the root",
            "Those are the rules of the chapter. Blur in proportion to one over the weight itself "
            "takes another argument.",
        ),
        Wrong(
            lambda: experiments.rewards(power=0.5),
            "takes the root of the weights",
            "You took the root of each weight, so that the blur follows its fourth root. The rule "
            "takes a root already: what has to go in so that the weight itself comes out?",
        ),
        Wrong(
            lambda: experiments.rewards(power=-2.0),
            "gives the heaviest memory the most blur",
            "Upside down: with your weights the blur rises with visits and with stakes.",
        ),
        Wrong(
            lambda: experiments.rewards(priced=True),
            "takes the nats away",
            "You give the objective. All of these cost the same nats, and their rewards are asked "
            "for: a price of 0 in F.",
        ),
        Wrong(
            lambda: experiments.rewards()[:, ::-1],
            "swaps the rules",
            "Right numbers, but in each row the reward of by_frequency comes first.",
        ),
    ),
    rubric=(
        "Gives the rules the square of the weight and matches the total cost again.",
        "Finds that neither winner changes, with the numbers.",
    ),
)

LEAP = Value(
    experiments.leap_and_condition,
    unit="reward / nat",
    rtol=0.015,  # asked for to 1 %, and the interval of the reference is 0.2 % wide
    wrong=(
        Wrong(
            lambda: experiments.leap_and_condition()[::-1],
            "swaps the two",
            "Right numbers, the other way round: the leap of the best sigma is asked for first.",
        ),
        Wrong(
            lambda: [experiments.leap(0.3, 4.9), experiments.condition(often=1.0)],
            "forgets how often coffee is met",
            "The leap is right. Your condition is that of a choice that is met every morning.",
        ),
        Wrong(
            lambda: [experiments.leap(0.3, 4.9), experiments.condition(memories=1)],
            "pays for one of the two coffees",
            "The leap is right. Both coffees are remembered and paid for: where does the condition "
            "have its 2?",
        ),
        Wrong(
            lambda: [
                experiments.leap(0.3, 4.9),
                experiments.condition(z=0.0),
            ],
            "takes the largest density",
            "The leap is right. You took the largest phi(z); it is z phi(z) that is largest at the "
            "limit.",
        ),
        Wrong(
            lambda: [experiments.leap(0.3), experiments.condition()],
            "climbs from a sharp start only",
            "The condition is right. Your coffee stays on the sharp hill as long as there is one. "
            "The best sigma is on the higher of two hills: climb from both sides, and compare.",
        ),
        Wrong(
            lambda: [experiments.leap(4.9), experiments.condition()],
            "climbs from a blurred start only",
            "The condition is right. Your coffee stays on the blurred hill as long as there is "
            "one. The best sigma is on the higher of two hills: climb from both sides.",
        ),
    ),
    rubric=(
        "Halves an interval of prices until the leap is found.",
        "Compares it with the price up to which a sharp local maximum exists, and says why the "
        "leap comes first.",
    ),
)
