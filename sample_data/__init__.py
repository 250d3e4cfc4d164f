"""Sample data: invented applications, accounts and reviews, made by a deterministic generator.

Everything here is fictional. The municipalities are real names from the register, because eligibility is
checked against it; their projects, amounts, business IDs and texts are invented and marked so.
"""
