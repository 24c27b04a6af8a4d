from .built_in import BUILT_IN, soft_thompson
from .judged import compare, cross_validate
from .machines import dra_path, frequency_path, logistic_slope, slot_machines, stakes_path
from .model import ChoiceModel, log_likelihood, simulate
from .people import fit
from .result import Fit, Interrupted

__all__ = [
    "BUILT_IN",
    "ChoiceModel",
    "Fit",
    "Interrupted",
    "compare",
    "cross_validate",
    "dra_path",
    "fit",
    "frequency_path",
    "log_likelihood",
    "logistic_slope",
    "simulate",
    "slot_machines",
    "soft_thompson",
    "stakes_path",
]
