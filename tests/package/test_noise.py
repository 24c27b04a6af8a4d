"""The distribution of the noise of a choice, at the borders of its rules, against a plain sum."""

import numpy as np
import pytest
from choice_oracles import noise_cdf_pdf

from dra._noise import normal_plus_gumbel


@pytest.mark.parametrize("sigma", [0.3, 4.0])
@pytest.mark.parametrize("kappa", [1.99, 2.0, 2.01, 3.99, 4.01, 7.9, 8.1, 16.0, 31.9, 63.9, 64.1])
def test_distribution_and_density(kappa, sigma):
    beta = kappa / sigma
    x = sigma * np.linspace(-5.0, 4.0 + kappa / 8, 40)
    cdf, pdf = noise_cdf_pdf(x, sigma, beta)
    log_cdf, ratio, slope = (
        part[0] for part in normal_plus_gumbel(x[None, :], np.array([sigma]), np.array([beta]))
    )
    np.testing.assert_allclose(log_cdf, np.log(cdf), rtol=1e-9, atol=1e-13)
    seen = pdf > 1e-8 * pdf.max()  # the plain sum has no digits farther out
    np.testing.assert_allclose(ratio[seen], (pdf / cdf)[seen], rtol=1e-8)
    step = 1e-4 * sigma
    below, above = (noise_cdf_pdf(x + side * step, sigma, beta)[1] for side in (-1, 1))
    truth = (above - below) / (2 * step) / cdf
    np.testing.assert_allclose(slope, truth, rtol=1e-6, atol=1e-6 * np.abs(truth).max())
    other = noise_cdf_pdf(x, sigma, 1.0001 * beta)[0]
    assert np.abs(np.log(other) - log_cdf).max() > 1e-7  # another beta is noticed
