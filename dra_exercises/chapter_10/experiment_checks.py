"""How the experiments of chapter 10 are judged."""

from dra_exercises.chapter_10 import experiments
from dra_exercises.spec import Value, Wrong

HALF = Value(
    experiments.half_as_loud,
    unit="reward",
    rtol=0.01,
    atol=0.01,
    wrong=(
        Wrong(
            lambda: experiments.half_as_loud()[[1, 0, 2, 3]],
            "takes halved for doubled",
            "The control is right. The first number belongs to doubled means: is a larger "
            "difference easier or harder to tell through the same blur?",
        ),
        Wrong(
            lambda: experiments.half_as_loud()[[0, 1, 3, 2]],
            "takes the blur for the temperature",
            "The means are right. Of the control, the third number is that of the blur, with beta "
            "as it was; the fourth is that of beta.",
        ),
        Wrong(
            lambda: experiments.changed(experiments.in_reward, blur=0.5, colder=2.0),
            "undoes the halving in the control",
            "The means are right. Your control sharpens the memories and doubles beta. Halved "
            "means are seen through more blur: in which direction do sigma and beta go?",
        ),
        Wrong(
            experiments.paid_anew,
            "lets the price change with sigma",
            "Three are right. With doubled sigma the bill changes as well, and means halved at "
            "the old sigma do not have that bill. Compare rewards.",
        ),
        Wrong(
            lambda: (
                experiments.half_as_loud()
                + experiments.in_reward(experiments.best().memory, experiments.BETA)
            ),
            "gives the rewards themselves",
            "Those are the rewards after each change. Subtract that of the best allocation.",
        ),
        Wrong(
            experiments.tied_anew,
            "ties the means again",
            "The control is right. You tied the scaled means again, and so undid the scaling. The "
            "agent believes the loud or soft means.",
        ),
    ),
    rubric=(
        "A prediction is written down before the numbers are computed.",
        "Doubling can win at most what mistakes cost now; halving can lose far more.",
        "The control separates blur from temperature and names the blur.",
    ),
)

BUDGET = Value(
    experiments.budget,
    wrong=(
        Wrong(
            experiments.from_there_twice,
            "stays on one side of the leap",
            "The first two are right. The third is hardly above the second, so your start was on "
            "this side of the leap: let every sigma begin at 0.1.",
        ),
        Wrong(
            lambda: experiments.budget()[[0, 2, 1]],
            "swaps the two starts",
            "The multiplier is right, and so are the other two, the other way round: the memory "
            "that was found comes before the sharp start.",
        ),
        Wrong(
            experiments.rewards_of_both,
            "compares rewards",
            "The multiplier is right. The other two are rewards: what is highest at a price is F, "
            "from which the nats at that price are taken away.",
        ),
        Wrong(
            lambda: [
                experiments.with_three_nats().multiplier,
                *experiments.at_price(experiments.PRICE)[1:],
            ],
            "keeps the price of the chapter",
            "The multiplier is right. The other two are at the price of the chapter. Use the "
            "multiplier itself as cost_weight.",
        ),
        Wrong(
            lambda: experiments.at_price(experiments.with_three_nats().reward / 3.0),
            "takes the mean worth of a nat for that of another one",
            "Your price is what the three nats earn on average. Asked is what one more would.",
        ),
    ),
    rubric=(
        "The memory for 3 nats is compared at its own multiplier, started from itself.",
        "The multiplier is read as the worth of another nat, 0.08 of reward.",
        "A sharp start ends higher: the slope there is zero, and yet it is no maximum.",
    ),
)

FREEZE = Value(
    experiments.lead,
    unit="reward",
    # 170 agents: +1.28 and -0.79, standard deviations 0.62 and 0.47. The five here are within 0.04
    # of that. The mean of a reader's ten is further off than 0.89 or 0.60 (4.5 and 4 standard
    # errors) with probability 1e-4: those 170, drawn again. The chapter's ten have -1.21.
    rtol=0.7,
    atol=0.02,
    wrong=(
        Wrong(
            lambda: -experiments.lead(),
            "takes the twins' lead for that of the frozen",
            "Right size, wrong sign: the frozen agents less their twins. Who can go on to use "
            "means that never become true?",
        ),
        Wrong(
            lambda: [0.0, 0.0],
            "freezes nobody",
            "Both of your groups do the same. learning_rate_q=0 has to reach the frozen ones, and "
            "the twins keep theirs.",
        ),
        Wrong(
            experiments.frozen,
            "gives F of the frozen agents",
            "That is F of the frozen agents, as they are and tied. Subtract that of their twins.",
        ),
        Wrong(
            experiments.lead_over_the_past,
            "compares with trial 1000",
            "You compare with the same agents 1000 trials before. A twin has had as much time.",
        ),
        Wrong(
            lambda: (
                experiments.gone_on(learning_rate_sigma=0.0).mean(axis=0)
                - experiments.gone_on().mean(axis=0)
            ),
            "freezes the precision",
            "You froze sigma, and the means went on learning. It is the means that are frozen.",
        ),
        Wrong(
            experiments.lead_over_the_best,
            "compares with the best allocation",
            "That is how far the frozen agents are above or below the best allocation. Their rival "
            "here is the twin that goes on learning.",
        ),
    ),
    rubric=(
        "A prediction is written down first.",
        "The frozen agents are compared with twins that go on learning.",
        "The gain is called a windfall because it vanishes with tied means.",
    ),
)

DEAR = Value(
    experiments.rested,
    unit="reward",
    rtol=0.0,
    atol=0.5,  # other starts and a tolerance of 0.1 move F by up to 0.4; noise costs 0.7
    wrong=(
        Wrong(
            lambda: experiments.rested()[::-1],
            "swaps the two credits",
            "Right numbers, the other way round: the first is that of DRA's own credit.",
        ),
        Wrong(
            lambda: experiments.rested(price=experiments.PRICE),
            "values the agents at the old price",
            "These agents pay 1 per nat, and you value them at 0.1. Use the same price for both.",
        ),
        Wrong(
            lambda: experiments.rested(gamma=0.9),
            "discounts the objective",
            "You discount the objective. F adds up all moves alike; only what DRA learns is "
            "discounted.",
        ),
        Wrong(
            lambda: experiments.rested(gamma_q=1.0),
            "takes the discount out of the means",
            "Without a discount in the means both credits are the same. Change the credit alone, "
            "and let the means be learned at 0.9, so that the choices stay comparable.",
        ),
        Wrong(
            experiments.left_by_each,
            "gives what is left to the best allocation",
            "That is how far both are below the best allocation. F itself is asked for.",
        ),
    ),
    rubric=(
        "Names at least the noise, the critic, the start and the discount as causes.",
        "Says for each what is switched off, and what would be seen if it were the cause.",
        "The discount in the credit is found to explain most of what is left.",
    ),
)
