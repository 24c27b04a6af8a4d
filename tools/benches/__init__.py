"""What ``tools/bench.py`` measures: a module for each kind of question.

Times are CPU seconds of one thread, so that a process that waits for its turn is not charged for
it. The two sides of a ratio are timed alternately, and the ratio is the median over the turns: what
slows the machine down for a while slows both.
"""
