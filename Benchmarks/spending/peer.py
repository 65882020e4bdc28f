"""What Flask and SQLAlchemy make of the same question: a customer's total, as most would write it."""

import os

from flask import Flask, abort, jsonify
from sqlalchemy import create_engine, text

app = Flask(__name__)
engine = create_engine("sqlite:///" + os.environ["SHOP"])


@app.get("/total_spent/<int:user_id>")
def total_spent(user_id):
    with engine.connect() as connection:
        known = connection.execute(text("SELECT 1 FROM user_info WHERE user_id = :id"), {"id": user_id}).first()
        total = connection.execute(text("SELECT sum(money_spent) FROM user_spending WHERE user_id = :id"), {"id": user_id}).scalar()
    if known is None:
        abort(404)
    return jsonify(user_id=user_id, total_spending=round(total or 0, 2))
